import { fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { EventShape, HeaderFamily, Scheme } from '../provider.ts';
import { isObject } from '../shape.ts';
import type { ProviderDefinition } from '../source.ts';
import type { Template } from '../template.ts';
import { canBeConstant, type Hole, holesOf } from './template-shape.ts';

/** What must fit between a provider's scheme and how its events are read. */
export function checkEvents(provider: ProviderDefinition, place: Place): void {
  checkSecretHeader(provider, place);
  if ('step' in provider.events) return;
  const events = fieldOf(place, 'events');
  for (const [index, shape] of provider.events.entries()) {
    const at = itemOf(events, index);
    checkId(shape, provider, fieldOf(at, 'id'));
    const always = provider.events.findIndex((other) => (other.when ?? []).length === 0);
    if (always !== -1 && always < index) {
      wrong(
        at,
        'a shape that is never reached',
        `conditions (when) in events[${always}], which takes every event`,
      );
    }
  }
}

function checkId(shape: EventShape, provider: ProviderDefinition, place: Place): void {
  for (const template of all(shape.id)) {
    if (canBeConstant(template)) {
      wrong(
        place,
        quote(template),
        'a template whose value differs from event to event: equal ids are duplicates',
      );
    }
    if (provider.idCoverage === 'unsigned') continue;
    const outside = holesOf(template).find((hole) => !isSigned(hole, provider.scheme));
    if (outside !== undefined) {
      wrong(
        place,
        `${quote(template)}, where ${outside.from} ${quote(outside.name)} lies outside the signed bytes`,
        'a place that the signature covers, or idCoverage: "unsigned"',
      );
    }
  }
}

/** Who has a token or a password can write any request: there the id is as good as the rest. What a step signs only the step knows. */
function isSigned(hole: Hole, scheme: Scheme): boolean {
  if (scheme.kind !== 'signature' || hole.from === 'body' || hole.from === 'digest') return true;
  const signed = new Set(holesOf(scheme.signed).map(({ from }) => from));
  if (hole.from === 'query') return signed.has('url');
  const parts = scheme.families.map((family) => partOf(family, hole.name));
  // What `verify` passes on has none of the headers of the families that it did not use.
  return (
    parts.some((part) => part !== undefined) && parts.every((part) => part === undefined || signed.has(part))
  );
}

/** What a header is to a family. */
function partOf(family: HeaderFamily, header: string): 'signature' | 'id' | 'timestamp' | undefined {
  if (family.signature.header === header) return 'signature';
  if (family.id === header) return 'id';
  const { timestamp } = family;
  return timestamp !== undefined && 'header' in timestamp && timestamp.header === header
    ? 'timestamp'
    : undefined;
}

/** The header that is the secret is never stored or published, and so no template may read it. */
function checkSecretHeader({ scheme, ...provider }: ProviderDefinition, place: Place): void {
  const secret =
    scheme.kind === 'token' ? scheme.header : scheme.kind === 'basic' ? 'authorization' : undefined;
  if (secret === undefined) return;
  for (const [at, text] of textsOf(provider, place)) {
    if (text.includes(`{header:${secret}}`) || text.includes(`{header:${secret}?}`)) {
      wrong(at, `the header ${quote(secret)}, which carries the secret`, 'another place');
    }
  }
}

function* textsOf(value: unknown, place: Place): Generator<readonly [Place, string]> {
  if (typeof value === 'string') yield [place, value];
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* textsOf(item, itemOf(place, index));
  if (isObject(value))
    for (const [name, field] of Object.entries(value)) yield* textsOf(field, fieldOf(place, name));
}

function all(templates: Template | readonly Template[]): readonly Template[] {
  return typeof templates === 'string' ? [templates] : templates;
}
