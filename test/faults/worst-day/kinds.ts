import {
  type ProviderDefinition,
  parseSources,
  type Reconcile,
  type Source,
} from '../../../lib/core/source.ts';

/** What a provider's events carry of a resource, and what orders its states. */
export interface Kind {
  readonly name: string;
  /** `snapshot`: the event holds the state. `thin`: it says only that something changed. */
  readonly events: 'snapshot' | 'thin';
  /** `count`: one more with each state. `seconds`: of the provider's clock, so that states of one second tie. `none`: nothing orders them. */
  readonly versions: 'count' | 'seconds' | 'none';
  /** Whether what its API gives has such a version, too. */
  readonly documents: 'versioned' | 'unversioned';
  /** Whether some of its API's replicas lag behind: only where versions tell. */
  readonly replicas: 'lag' | 'agree';
  /** What its API says of what is deleted. */
  readonly deleted: 404 | 410 | 'a field';
  /** One delivery for several events. */
  readonly batches: 'yes' | 'no';
  /** When it sends again what was not acknowledged, in s after the attempt before. */
  readonly retries: readonly number[];
  readonly timeoutMs: number;
}

const COMMON = {
  events: 'snapshot',
  documents: 'versioned',
  replicas: 'agree',
  deleted: 404,
  batches: 'no',
} as const;

/** `clock` has its ids and types in headers that nobody signs, and sends nothing twice by itself, as GitHub does. */
export const KINDS: readonly Kind[] = [
  {
    ...COMMON,
    name: 'count',
    versions: 'count',
    replicas: 'lag',
    retries: [5, 30, 120, 600, 1_800, 3_600],
    timeoutMs: 5_000,
  },
  { ...COMMON, name: 'clock', versions: 'seconds', replicas: 'lag', retries: [], timeoutMs: 10_000 },
  {
    ...COMMON,
    name: 'bare',
    versions: 'none',
    documents: 'unversioned',
    deleted: 'a field',
    retries: [10, 60, 300, 900, 3_600, 7_200],
    timeoutMs: 3_000,
  },
  {
    ...COMMON,
    name: 'thin',
    events: 'thin',
    versions: 'seconds',
    retries: [15, 15, 60, 240, 900, 3_600],
    timeoutMs: 8_000,
  },
  {
    ...COMMON,
    name: 'loose',
    versions: 'seconds',
    documents: 'unversioned',
    retries: [5, 5, 60, 600, 3_600],
    timeoutMs: 10_000,
  },
  {
    ...COMMON,
    name: 'batch',
    versions: 'seconds',
    documents: 'unversioned',
    deleted: 410,
    batches: 'yes',
    retries: [20, 60, 180, 540, 1_620, 4_860],
    timeoutMs: 30_000,
  },
];

const signature = (name: string): ProviderDefinition['scheme'] => ({
  kind: 'signature',
  signed: '{timestamp}.{body}',
  timestamp: { unit: 's', toleranceSeconds: 300 },
  families: [{ signature: { header: `${name}-signature` }, timestamp: { header: `${name}-timestamp` } }],
  versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
});

/** Where the API of a kind is. */
export const baseUrlOf = (name: string): string => `https://api.${name}.example`;

const api = (name: string): NonNullable<ProviderDefinition['api']> => ({
  baseUrls: { production: baseUrlOf(name) },
  auth: [{ kind: 'token', header: 'authorization', prefix: 'Bearer ' }],
  rate: { perSecond: 2, burst: 3 },
});

const ping = (id: string, type: string) => ({ when: [{ at: type, equals: 'ping' }], id, type }) as const;

const PROVIDERS: Readonly<Record<string, ProviderDefinition>> = {
  count: {
    name: 'count',
    scheme: signature('count'),
    events: [
      ping('{body:id}', '{body:type}'),
      {
        id: '{body:id}',
        type: '{body:type}',
        subject: 'thing/{body:thing.id}',
        version: { at: '{body:thing.version}', unit: 'integer' },
        time: { at: '{body:time}', unit: 'ms' },
        resource: {
          path: '/things/{body:thing.id}',
          version: { at: '{body:version}', unit: 'integer' },
          deletion: [{ at: '{body:type}', equals: 'thing.deleted' }],
        },
      },
    ],
    idCoverage: 'signed',
    volatile: ['attempt'],
    api: api('count'),
    delivery: { timeoutMs: 5_000, retries: { spanSeconds: 6_155 } },
  },
  clock: {
    name: 'clock',
    scheme: {
      kind: 'signature',
      signed: '{body}',
      families: [{ signature: { header: 'clock-signature' } }],
      versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    },
    events: [
      ping('{header:clock-delivery}', '{header:clock-event}'),
      {
        id: '{header:clock-delivery}',
        type: '{header:clock-event}',
        subject: 'thing/{body:thing.id}',
        version: { at: '{body:thing.version}', unit: 's' },
        time: { at: '{body:thing.version}', unit: 's' },
        resource: {
          path: '/things/{body:thing.id}',
          version: { at: '{body:version}', unit: 's' },
          deletion: [{ at: '{header:clock-event}', equals: 'thing.deleted' }],
        },
      },
    ],
    idCoverage: 'unsigned',
    signatureMark: '{digest}',
    api: api('clock'),
    delivery: { timeoutMs: 10_000, retries: 'none' },
  },
  bare: {
    name: 'bare',
    scheme: signature('bare'),
    events: [
      ping('{body:id}', '{body:type}'),
      {
        id: '{body:id}',
        type: '{body:type}',
        subject: 'thing/{body:thing.id}',
        time: { at: '{body:time}', unit: 's' },
        resource: {
          path: '/things/{body:thing.id}',
          deletion: [{ at: '{body:type}', equals: 'thing.deleted' }],
          deleted: [{ at: '{body:deleted}', equals: 'true' }],
        },
      },
    ],
    idCoverage: 'signed',
    volatile: ['attempt'],
    api: api('bare'),
    delivery: { timeoutMs: 3_000, retries: { spanSeconds: 12_070 } },
  },
  thin: {
    name: 'thin',
    scheme: signature('thin'),
    events: [
      ping('{body:id}', '{body:type}'),
      {
        id: '{body:id}',
        type: '{body:type}',
        time: { at: '{body:time}', unit: 'ms' },
        resource: {
          subject: 'thing/{body:thing.id}',
          path: '/things/{body:thing.id}',
          version: { at: '{body:version}', unit: 's' },
          deletion: [{ at: '{body:type}', equals: 'thing.deleted' }],
        },
      },
    ],
    idCoverage: 'signed',
    volatile: ['attempt'],
    api: api('thin'),
    delivery: { timeoutMs: 8_000, retries: { spanSeconds: 4_830 } },
  },
  loose: {
    name: 'loose',
    scheme: signature('loose'),
    events: [
      ping('{body:id}', '{body:type}'),
      {
        id: '{body:id}',
        type: '{body:type}',
        subject: 'thing/{body:thing.id}',
        version: { at: '{body:thing.version}', unit: 's' },
        time: { at: '{body:time}', unit: 'ms' },
        resource: {
          path: '/things/{body:thing.id}',
          deletion: [{ at: '{body:type}', equals: 'thing.deleted' }],
        },
      },
    ],
    idCoverage: 'signed',
    volatile: ['attempt'],
    api: api('loose'),
    delivery: { timeoutMs: 10_000, retries: { spanSeconds: 4_270 } },
  },
  batch: {
    name: 'batch',
    scheme: { kind: 'token', header: 'batch-token' },
    split: 'items',
    events: [
      ping('{body:id}', '{body:type}'),
      {
        id: '{body:id}',
        type: '{body:type}',
        subject: 'thing/{body:thing.id}',
        version: { at: '{body:thing.version}', unit: 's' },
        time: { at: '{body:time}', unit: 'ms' },
        resource: {
          path: '/things/{body:thing.id}',
          deletion: [{ at: '{body:type}', equals: 'thing.deleted' }],
        },
      },
    ],
    idCoverage: 'signed',
    volatile: ['attempt'],
    api: api('batch'),
    delivery: { timeoutMs: 30_000, retries: { spanSeconds: 7_280 } },
  },
};

/** One source of each kind. */
export function sourcesOf(reconcile: Reconcile): readonly Source[] {
  // One of them gives its provider up, the others publish what they have in the end.
  const patience = (name: string): object =>
    reconcile === 'off' || name !== 'batch'
      ? {}
      : { patience: { seconds: 1_200, afterwards: 'dead-letter' } };
  return parseSources(
    Object.fromEntries(
      KINDS.map(({ name }) => [
        name,
        { provider: PROVIDERS[name], reconcile, secretOverlapSeconds: 1_200, ...patience(name) },
      ]),
    ),
  );
}
