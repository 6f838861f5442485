import type { SignatureVersion } from '../../../lib/core/provider.ts';
import { signingKeyPair } from '../../../lib/core/scheme.ts';
import { parseTemplate } from '../../../lib/core/template.ts';
import type { Genuine } from './genuine.ts';
import { type Call, type Sender, type Senders, senderOf, signed } from './signer.ts';

/** What a forger does to a delivery. */
export type Forgery =
  | { readonly kind: 'body-bit' | 'wrong-secret' | 'stale' | 'future' | 'unsigned' | 'other-url' }
  /** What is said about the header that proves the origin, its time or its id. */
  | { readonly kind: 'bit' | 'missing' | 'empty' | 'doubled'; readonly header: string }
  | { readonly kind: 'other-source'; readonly source: string }
  | { readonly kind: 'other-type'; readonly header: string; readonly type: string };

/** Types that a body of ours contradicts: the first is seen at intake, the others when the body is read. */
const OTHER_TYPES: Readonly<Record<string, readonly (readonly [header: string, type: string])[]>> = {
  github: [
    ['x-github-event', 'discussion'],
    ['x-github-event', 'repository'],
  ],
  shopify: [
    ['x-shopify-topic', 'orders/updated'],
    ['x-shopify-topic', 'products/delete'],
  ],
};

/** A day and an hour: no tolerance is as long. */
const FAR_MS = 90_000_000;

/** Every way in which the delivery's scheme can be tried. */
export function forgeriesOf(delivery: Genuine, senders: Senders): readonly Forgery[] {
  const sender = senderOf(senders, delivery.source);
  const { scheme } = sender.source.provider;
  const covered =
    scheme.kind === 'signature'
      ? new Set(parseTemplate(scheme.signed).flatMap((piece) => (piece.kind === 'hole' ? [piece.from] : [])))
      : new Set(scheme.kind === 'step' ? ['body', 'url'] : []);
  const proofs = proofsOf(delivery, sender);
  const others = [...senders.bySource.values()].filter(
    (other) => other !== sender && keyKind(other) === keyKind(sender),
  );
  return [
    { kind: 'wrong-secret' },
    ...others.slice(0, 1).map((other): Forgery => ({ kind: 'other-source', source: other.source.name })),
    ...(covered.has('body') ? [{ kind: 'body-bit' } as const] : []),
    ...(covered.has('url') ? [{ kind: 'other-url' } as const] : []),
    ...(scheme.kind === 'signature' && scheme.timestamp !== undefined
      ? [{ kind: 'stale' } as const, { kind: 'future' } as const]
      : []),
    ...proofs.flatMap((header) => {
      const kinds = [
        'bit',
        'missing',
        'empty',
        ...(isList(header, sender) ? [] : (['doubled'] as const)),
      ] as const;
      return kinds.map((kind) => ({ kind, header }));
    }),
    ...(proofs.length > 1 ? [{ kind: 'unsigned' } as const] : []),
    ...(OTHER_TYPES[delivery.source] ?? []).flatMap(([header, type]) =>
      header in delivery.headers ? [{ kind: 'other-type', header, type } as const] : [],
    ),
  ];
}

/**
 * The forged call.
 * @param at.now epoch ms. @param at.place in [0, 1): where in the text a bit is flipped.
 */
export function forged(
  delivery: Genuine,
  forgery: Forgery,
  senders: Senders,
  { now, place }: { readonly now: number; readonly place: number },
): Call {
  const sender = senderOf(senders, delivery.source);
  const by = (secret: string, timestamp = now): Call => signed(delivery, sender, { secret, timestamp });
  const call = by(sender.newest);
  switch (forgery.kind) {
    case 'wrong-secret':
      return by(signingKeyPair(sender.source.provider.scheme).signer);
    case 'other-source':
      return by(asCredential(sender, senderOf(senders, forgery.source).newest));
    case 'stale':
      return by(sender.newest, now - FAR_MS);
    case 'future':
      return by(sender.newest, now + FAR_MS);
    case 'body-bit':
      return { ...call, body: withFlippedBit(call.body, place) };
    case 'other-url':
      return { ...call, query: `${call.query}${call.query === '' ? '' : '&'}more=1` };
    case 'unsigned':
      return { ...call, headers: delivery.headers };
    case 'other-type':
      return { ...call, headers: { ...call.headers, [forgery.header]: forgery.type } };
    default: {
      const { [forgery.header]: proof, ...rest } = call.headers;
      const changed = changedHeader(forgery.kind, String(proof), place);
      return { ...call, headers: changed === undefined ? rest : { ...rest, [forgery.header]: changed } };
    }
  }
}

/** The headers that signing adds, be it a secret, a signature, its time or its id. */
function proofsOf(delivery: Genuine, sender: Sender): readonly string[] {
  const { headers } = signed(delivery, sender, { secret: sender.newest, timestamp: 0 });
  return Object.keys(headers).filter((name) => !(name in delivery.headers));
}

/** Twice the same item of a list is a list: the gateway joins headers with what separates the items, so it cannot be told apart. */
function isList(name: string, { source }: Sender): boolean {
  const { scheme } = source.provider;
  return (
    scheme.kind === 'signature' &&
    scheme.families.some(
      ({ signature: { header, separator }, timestamp }) =>
        header === name && separator === ',' && !(timestamp !== undefined && 'label' in timestamp),
    )
  );
}

/** Sources of one kind can sign with each other's keys. */
function keyKind({ source: { provider } }: Sender): string {
  if (provider.scheme.kind !== 'signature') return 'text';
  const { algorithm, key }: SignatureVersion = provider.scheme.versions[0];
  if (!algorithm.startsWith('hmac')) return algorithm;
  return key.encoding === 'utf8' ? 'text' : key.encoding;
}

function changedHeader(
  kind: 'bit' | 'missing' | 'empty' | 'doubled',
  value: string,
  place: number,
): string | readonly string[] | undefined {
  switch (kind) {
    case 'bit':
      return withFlippedBit(Buffer.from(value), place).toString();
    case 'missing':
      return undefined;
    case 'empty':
      return '';
    case 'doubled':
      return [value, value];
  }
}

function withFlippedBit(bytes: Buffer, place: number): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(place * flipped.length);
  flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
  return flipped;
}

/** A password needs a user before it. */
function asCredential({ source }: Sender, secret: string): string {
  const isBasic = source.provider.scheme.kind === 'basic';
  return isBasic && !secret.includes(':') ? `other:${secret}` : secret;
}
