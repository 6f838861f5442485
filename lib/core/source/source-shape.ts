import { givesIds } from '../event-identity.ts';
import { describe, fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { Provider, SingleScheme } from '../provider.ts';
import { singleSchemes } from '../scheme/proof-places.ts';
import { checked, items, list, oneOf, optional, record, text, wholeNumber } from '../shape.ts';
import type { Source, SourceDefinition, SourceName } from '../source.ts';
import { installsSecret } from './check-handshakes.ts';
import { provider } from './provider-shape.ts';
import { patience, reconciliation, sourceApi } from './reconciliation.ts';
import { toleranceSeconds } from './scheme-shape.ts';
import { documentPath } from './template-shape.ts';
import { typePattern } from './text-shape.ts';

type Definition = Omit<SourceDefinition, 'provider'> & { readonly provider: Provider };

const DAY = 86_400;

/** "unknown" stands in reports for a delivery whose source is not known. */
const NAME = /^(?!unknown$)[a-z0-9][a-z0-9-]{0,39}$/;
const NAME_ALLOWED = 'a name of a-z, 0-9 and "-", at most 40 characters, other than "unknown"';

/** RFC 3986's unreserved characters: no gateway, proxy or provider writes them in another way. */
const path = text(
  /^(?=.{1,200}$)(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/,
  'a path such as "/github", of parts with letters, digits, ".", "_", "~" and "-", at most 200 characters',
);

const definition = checked(
  record<Definition>({
    provider,
    path: optional((value, place) =>
      Array.isArray(value) ? items(path, 'at least one path')(value, place) : path(value, place),
    ),
    events: optional(items(typePattern, 'a list with at least one type; leave it out for all types')),
    toleranceSeconds: optional(toleranceSeconds),
    repeatedContent: optional(oneOf('publish', 'refuse')),
    redact: optional(list(documentPath, 'a list of paths')),
    secretOverlapSeconds: optional(wholeNumber(0, 30 * DAY, 'seconds')),
    reconcile: optional(oneOf('off', 'when-unsure', 'always')),
    api: optional(sourceApi),
    patience: optional(patience),
    setup: optional(oneOf('install-secret')),
  }),
  checkOptions,
);

/** A source as its user wrote it, with every default filled in. */
export function readSource(name: string, value: unknown, place: Place): Source | undefined {
  if (!NAME.test(name)) wrong(place, `the name ${quote(name)}`, NAME_ALLOWED);
  const read = definition(value, place);
  if (read === undefined) return undefined;
  const paths = read.path ?? `/${name}`;
  const reconcile = reconciliation(read.provider, read, place);
  return {
    name: name as SourceName,
    provider: read.provider,
    // The shape has seen to it that a list is not empty.
    paths: (typeof paths === 'string' ? [paths] : paths) as Source['paths'],
    events: read.events ?? 'all',
    ...(read.toleranceSeconds === undefined ? {} : { toleranceSeconds: read.toleranceSeconds }),
    repeatedContent: read.repeatedContent ?? 'publish',
    redact: read.redact ?? [],
    secretOverlapSeconds: read.secretOverlapSeconds ?? DAY,
    ...(reconcile === undefined ? {} : { reconcile }),
    ...(read.setup === undefined ? {} : { setup: read.setup }),
  };
}

/** Each path leads to one source. */
export function checkPaths(sources: readonly Source[], place: Place): void {
  const owners = new Map<string, string>();
  for (const { name, paths } of sources) {
    for (const each of paths) {
      const owner = owners.get(each);
      const at = fieldOf(fieldOf(place, name), 'path');
      if (owner !== undefined)
        wrong(at, `${describe(each)}, which the source ${quote(owner)} has`, 'a path of its own');
      owners.set(each, owner ?? name);
    }
  }
}

function isTimed(scheme: SingleScheme): boolean {
  if (scheme.kind === 'step') return scheme.toleranceSeconds !== undefined;
  return scheme.kind === 'signature' && scheme.timestamp !== undefined;
}

/** An option that would silently do nothing is a mistake, and these are about security. */
function checkOptions({ provider: own, ...options }: Definition, place: Place): void {
  const { scheme, handshakes = [], idCoverage, name } = own;
  if (options.toleranceSeconds !== undefined && !singleSchemes(scheme).some(isTimed)) {
    wrong(
      fieldOf(place, 'toleranceSeconds'),
      String(options.toleranceSeconds),
      `nothing, since ${name} signs no time`,
    );
  }
  if (options.repeatedContent === 'refuse' && idCoverage === 'signed') {
    wrong(fieldOf(place, 'repeatedContent'), '"refuse"', `nothing, since ${name} signs its ids`);
  }
  if (options.repeatedContent === 'refuse' && !givesIds(own))
    wrong(
      fieldOf(place, 'repeatedContent'),
      '"refuse"',
      `nothing, since ${name} gives no ids: equal bytes are different events`,
    );
  if (options.setup !== undefined && !handshakes.some(installsSecret)) {
    wrong(
      fieldOf(place, 'setup'),
      quote(options.setup),
      `nothing, since ${name} brings no secret in a set-up request: store it yourself`,
    );
  }
  for (const [index, pattern] of (options.events ?? []).entries()) {
    if (options.events?.indexOf(pattern) !== index) {
      wrong(itemOf(fieldOf(place, 'events'), index), `${quote(pattern)} again`, 'each type once');
    }
  }
}
