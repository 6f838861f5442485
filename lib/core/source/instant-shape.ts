import type { Count, Instant } from '../provider.ts';
import { checked, isObject, oneOf, record, type Shape, shape } from '../shape.ts';
import { eventLocation, hasHole } from './template-shape.ts';

const at = checked(eventLocation, hasHole);
const count = record<Count>({ at, unit: oneOf('integer') });

/** A point in time. */
export const instant: Shape<Instant> = record<Instant>({ at, unit: oneOf('s', 'ms', 'iso', 'decimal') });

/** What orders states. */
export const version: Shape<Instant | Count> = shape({ kind: 'any', of: [instant, count] }, (value, place) =>
  isObject(value) && value.unit === 'integer' ? count(value, place) : instant(value, place),
);
