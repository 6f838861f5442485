import { fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { EventShape, HeaderFamily, SingleScheme } from '../provider.ts';
import {
  indispensableHeaders,
  secretHeaders,
  secretParameters,
  singleSchemes,
} from '../scheme/proof-places.ts';
import { isObject } from '../shape.ts';
import type { ProviderDefinition } from '../source.ts';
import { holesIn, type Template } from '../template.ts';
import { canBeConstant, type Hole, holesOf } from './template-shape.ts';

/** What must fit between a provider's scheme and how its events are read. */
export function checkEvents(provider: ProviderDefinition, place: Place): void {
  checkSecrets(provider, place);
  if ('step' in provider.events) return;
  const events = fieldOf(place, 'events');
  for (const [index, shape] of provider.events.entries()) {
    const at = itemOf(events, index);
    if (shape.id === undefined) checkNoId(provider, fieldOf(at, 'id'));
    else checkId(all(shape.id), provider, fieldOf(at, 'id'));
    checkResource(shape, provider, fieldOf(at, 'resource'));
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

/** The delivery's own id is no word of the provider, and what came under it can come again under the next. */
function checkNoId({ idCoverage, signatureMark }: ProviderDefinition, place: Place): void {
  if (idCoverage === 'signed')
    wrong(place, 'nothing', 'a template, or idCoverage: "unsigned" where the provider gives no id');
  if (signatureMark !== undefined)
    wrong(place, 'nothing', 'a template, or no signatureMark: what comes twice is no repeat without an id');
}

/** A resource is read somewhere, and an event is about it by one subject: its state's, or that of what is fetched alone. */
function checkResource({ resource, subject }: EventShape, { api }: ProviderDefinition, place: Place): void {
  if (resource === undefined) return;
  if (api === undefined) wrong(place, 'it', 'nothing without an api, which is asked for it');
  const own = fieldOf(place, 'subject');
  if (subject === undefined && resource.subject === undefined)
    wrong(own, 'nothing', 'a subject, here or beside the resource');
  if (subject !== undefined && resource.subject !== undefined)
    wrong(own, 'it', 'nothing, since the shape has a subject: the payload carries its state');
}

function checkId(templates: readonly Template[], provider: ProviderDefinition, place: Place): void {
  for (const template of templates) {
    if (canBeConstant(template)) {
      wrong(
        place,
        quote(template),
        'a template whose value differs from event to event: equal ids are duplicates',
      );
    }
  }
  if (provider.idCoverage === 'unsigned') return;
  for (const scheme of singleSchemes(provider.scheme)) checkCoverage(templates, scheme, place);
}

/** What comes after a template that every proved request has a value for is never read. */
function checkCoverage(templates: readonly Template[], scheme: SingleScheme, place: Place): void {
  const always = indispensableHeaders(scheme);
  for (const template of templates) {
    const holes = holesOf(template);
    const outside = holes.find((hole) => !isSigned(hole, scheme));
    if (outside !== undefined) {
      wrong(
        place,
        `${quote(template)}, where ${outside.from} ${quote(outside.name)} lies outside the signed bytes`,
        'a place that the signature covers, or idCoverage: "unsigned"',
      );
    }
    if (holes.every(({ from, name }) => from === 'header' && always.includes(name))) return;
  }
}

/** Who has a token or a password can write any request: there the id is as good as the rest. What a step signs only the step knows. */
function isSigned(hole: Hole, scheme: SingleScheme): boolean {
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

/** The secret itself is never stored or published, and so no template may read it. */
function checkSecrets({ scheme, ...provider }: ProviderDefinition, place: Place): void {
  const holes = [
    ...secretHeaders(scheme).map((name) => ['header', name] as const),
    ...secretParameters(scheme).map((name) => ['query', name] as const),
  ];
  for (const [at, text] of textsOf(provider, place)) {
    for (const [kind, name] of holes) {
      if ([...holesIn(text)].some((hole) => hole.from === kind && hole.name === name))
        wrong(at, `the ${kind} ${quote(name)}, which carries the secret`, 'another place');
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
