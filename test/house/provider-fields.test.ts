import { expect, test } from 'vitest';
import type { Provider } from '../../lib/core/provider.ts';
import { singleSchemes } from '../../lib/core/scheme.ts';
import type { Shape, Structure } from '../../lib/core/shape.ts';
import { provider as shape } from '../../lib/core/source/provider-shape.ts';
import { providers } from '../../lib/providers/index.ts';

/** A field, a kind of scheme or guard, a kind of step: less than this is no column of the table, but somebody's own. */
const ENOUGH = 3;

/**
 * What fewer providers use, and why it is there all the same. A row that is no longer true is refused as one that is missing.
 * Before a row is added: could it be a step, or another field's value?
 */
const FEW: Readonly<Record<string, string>> = {
  'scheme.families[].signature.also': 'Box and Docusign sign by two keys, each in a header of its own',
  'scheme.prefix': 'bearer tokens (RFC 6750), of any sender and of CloudEvents',
  'token in body': 'Microsoft Graph alone: the secret is in each item, and must be redacted there',
  'handshakes[].mac': 'Zoom and X: the engine signs it, so that nothing signs what could be a delivery',
  'handshakes[].answer.headers': 'Asana and CloudEvents are answered in headers',
  'handshakes[].answer.contentType':
    'Discord wants one on an empty 204: it could be one of the answer’s headers',
  'guard confirms':
    'Amazon SNS: it takes only a call for a yes, to an address that a step makes of checked parts',
  'guard installs': 'Asana and Notion: it is the engine that must never store over a secret',
  'document in a form’s field': 'GitHub and Slack: the signature is over the form, the event in its field',
  'identify step': 'Twilio names neither type nor id: both follow from what is there',
  'acknowledge step': 'Discord’s answer depends on the kind of the interaction',
};

/** What no provider of ours uses. */
const NONE: Readonly<Record<string, string>> = {
  $schema: 'for values in JSON files',
};

/** Still being written into one value after the other, and so not looked at yet: take it out when that is done. */
const ARRIVING = ['api', 'events[].resource'];

/** A scheme within `any` is a scheme. */
function normal(path: string): string {
  return path.replace(/^scheme\.of\[\]/, 'scheme');
}

/** The optional fields of a shape and of all below it, by their paths. */
function* optionalFields({ takes }: Shape<unknown>, path = ''): Generator<string> {
  if (takes === undefined) throw new TypeError(`${path} does not say what it takes`);
  for (const [part, at, isOptional] of partsOf(takes, path)) {
    if (isOptional) yield at;
    yield* optionalFields(part, at);
  }
}

function partsOf(takes: Structure, path: string): readonly (readonly [Shape<unknown>, string, boolean])[] {
  switch (takes.kind) {
    case 'record':
      return takes.fields
        .filter(([name]) => !(path === 'scheme' && name === 'of'))
        .map(([name, field]) => {
          const at = normal(path === '' ? name : `${path}.${name}`);
          return 'optional' in field ? [field.optional, at, true] : [field, at, false];
        });
    case 'list':
      return [[takes.item, `${path}[]`, false]];
    case 'entries':
      return [[takes.value, `${path}{}`, false]];
    case 'any':
      return takes.of.map((one) => [one, path, false]);
    case 'text':
    case 'number':
    case 'one-of':
      return [];
  }
}

/** The paths of all fields that a value has. */
function* fieldsOf(value: unknown, path = ''): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* fieldsOf(item, `${path}[]`);
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) {
      const at = normal(path === '' ? name : `${path}.${name}`);
      yield at;
      yield* fieldsOf(part, at);
    }
}

/** Which of several a provider chose, where its value has a choice between kinds. */
function choicesOf({ scheme, handshakes = [], document, events, acknowledge }: Provider): readonly string[] {
  return [
    ...(scheme.kind === 'any' ? ['scheme any'] : []),
    ...singleSchemes(scheme).map((one) => {
      if (one.kind !== 'token') return `scheme ${one.kind}`;
      return `token in ${['query', 'body'].find((place) => place in one) ?? 'header'}`;
    }),
    ...handshakes.map(({ guard }) => `guard ${typeof guard === 'string' ? guard : Object.keys(guard)[0]}`),
    ...(document === undefined || document === 'json'
      ? []
      : ['step' in document ? 'document by a step' : 'document in a form’s field']),
    ...('step' in events ? ['identify step'] : []),
    ...(acknowledge !== undefined && 'step' in acknowledge ? ['acknowledge step'] : []),
  ];
}

const uses = Map.groupBy(
  providers.flatMap((provider) =>
    [...new Set([...fieldsOf(provider), ...choicesOf(provider)])].map(
      (what) => [what, provider.name] as const,
    ),
  ),
  ([what]) => what,
);
const usersOf = (what: string): readonly string[] => (uses.get(what) ?? []).map(([, name]) => name);
const isArriving = (what: string): boolean => ARRIVING.some((field) => what.startsWith(field));
const columns = [...new Set([...optionalFields(shape), ...providers.flatMap(choicesOf)])].filter(
  (what) => !isArriving(what),
);

test('the value reads as a table: each optional field and each kind is used by three providers, or by few for a reason', () => {
  const few = columns.filter((what) => usersOf(what).length > 0 && usersOf(what).length < ENOUGH);
  const told = (list: readonly string[]): readonly string[] =>
    list.map((what) => `${what}: ${usersOf(what).join(', ')}`).toSorted();
  expect(told(few)).toEqual(told(Object.keys(FEW)));
});

test('no field is there for nobody, or it is told why', () => {
  const unused = columns.filter((what) => usersOf(what).length === 0);
  expect(unused.toSorted()).toEqual(Object.keys(NONE).toSorted());
});

test('the table was looked at', () => {
  expect(columns).toEqual(
    expect.arrayContaining(['split', 'events[].subject', 'scheme.timestamp', 'guard verified']),
  );
  expect(usersOf('split').length).toBeGreaterThan(ENOUGH);
});
