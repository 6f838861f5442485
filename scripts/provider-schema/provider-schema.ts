import type { Shape, Structure } from '../../lib/core/shape.ts';
import * as api from '../../lib/core/source/api-shape.ts';
import * as event from '../../lib/core/source/event-shape.ts';
import * as handshake from '../../lib/core/source/handshake-shape.ts';
import * as instant from '../../lib/core/source/instant-shape.ts';
import { provider } from '../../lib/core/source/provider-shape.ts';
import * as scheme from '../../lib/core/source/scheme-shape.ts';
import * as template from '../../lib/core/source/template-shape.ts';
import * as text from '../../lib/core/source/text-shape.ts';
import { type JsonSchema, jsonSchema, shapeOf, written } from './json-schema.ts';

/** What is used more than once is named as the module that it comes from exports it. */
const exported = { ...text, ...template, ...instant, ...handshake, ...event, ...api, ...scheme };

/**
 * The JSON Schema of a provider's value, from the shapes that read one.
 * It says less than `parseSources`: what has to fit between the parts of a value only code can tell.
 */
export function providerSchema(): JsonSchema {
  const named = namedStructures();
  const uses = new Map<Structure, number>();
  count(provider, uses, named);
  const names = new Map([...named].filter(([takes]) => (uses.get(takes) ?? 0) > 1));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A provider for Headgate',
    description:
      'How a sender of webhooks proves itself, and how its events are read. What each field means: lib/core/provider.ts. What has to fit between fields is told at start and at synth.',
    ...jsonSchema(provider, names),
    $defs: Object.fromEntries(
      [...names]
        .toSorted(([, one], [, other]) => one.localeCompare(other))
        .map(([takes, name]) => [name, written(takes, names)]),
    ),
  };
}

function namedStructures(): ReadonlyMap<Structure, string> {
  const named = new Map<Structure, string>();
  for (const [name, value] of Object.entries(exported)) {
    const { takes } = value as Partial<Shape<unknown>>;
    if (takes !== undefined && !named.has(takes)) named.set(takes, name);
  }
  return named;
}

/** How often each structure is referred to, if all that have names are written once. */
function count(
  shape: Shape<unknown>,
  uses: Map<Structure, number>,
  named: ReadonlyMap<Structure, string>,
): void {
  const { takes } = shape;
  if (takes === undefined) return;
  const before = uses.get(takes) ?? 0;
  uses.set(takes, before + 1);
  if (before > 0 && named.has(takes)) return;
  for (const part of partsOf(takes)) count(part, uses, named);
}

function partsOf(takes: Structure): readonly Shape<unknown>[] {
  switch (takes.kind) {
    case 'list':
      return [takes.item];
    case 'entries':
      return [takes.value];
    case 'any':
      return takes.of;
    case 'record':
      return takes.fields.map(([, field]) => shapeOf(field));
    case 'text':
    case 'number':
    case 'one-of':
      return [];
  }
}
