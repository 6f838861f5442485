import type { OptionalShape, Shape, Structure } from '../../lib/core/shape.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a shape takes, as a JSON Schema. What only code can tell (what fits between the parts of a value) is not in it.
 * @param names what is referred to by a name instead of written out, and its names.
 * @throws {TypeError} for a shape that does not say what it takes: write it with the combinators of `lib/core/shape.ts`.
 * @example jsonSchema(oneOf('a', 'b'), new Map()) // { enum: ['a', 'b'] }
 */
export function jsonSchema(shape: Shape<unknown>, names: ReadonlyMap<Structure, string>): JsonSchema {
  const { takes } = shape;
  if (takes === undefined) throw new TypeError(`a shape does not say what it takes: ${shape}`);
  const name = names.get(takes);
  return name === undefined ? written(takes, names) : { $ref: `#/$defs/${name}` };
}

/** The same, written out at this level. */
export function written(takes: Structure, names: ReadonlyMap<Structure, string>): JsonSchema {
  const of = (part: Shape<unknown>): JsonSchema => jsonSchema(part, names);
  switch (takes.kind) {
    case 'text':
      return { type: 'string', ...patternOf(takes.pattern), description: takes.allowed };
    case 'number':
      return {
        type: takes.of,
        ...(takes.above === undefined ? {} : { exclusiveMinimum: takes.above }),
        ...(takes.least === undefined ? {} : { minimum: takes.least }),
        ...(takes.most === undefined ? {} : { maximum: takes.most }),
      };
    case 'one-of':
      return takes.values.length === 1 ? { const: takes.values[0] } : { enum: takes.values };
    case 'list':
      return {
        type: 'array',
        items: of(takes.item),
        ...(takes.least === 0 ? {} : { minItems: takes.least }),
      };
    case 'entries':
      return { type: 'object', propertyNames: patternOf(takes.name), additionalProperties: of(takes.value) };
    case 'any':
      return { anyOf: takes.of.map(of) };
    case 'record':
      return {
        type: 'object',
        properties: Object.fromEntries(takes.fields.map(([name, field]) => [name, of(shapeOf(field))])),
        required: takes.fields.flatMap(([name, field]) => ('optional' in field ? [] : [name])),
        additionalProperties: false,
      };
  }
}

/** One that fits every text says nothing. */
function patternOf({ source }: RegExp): JsonSchema {
  return source === '^' ? {} : { pattern: source };
}

export function shapeOf(field: Shape<unknown> | OptionalShape<unknown>): Shape<unknown> {
  return 'optional' in field ? field.optional : field;
}
