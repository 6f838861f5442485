import type { Handshake, HandshakeReply, Test } from '../provider.ts';
import { METHODS } from '../request.ts';
import { byField, checked, entries, items, oneOf, optional, record, type Shape } from '../shape.ts';
import type { Template } from '../template.ts';
import { eventLocation, hasHole, location } from './template-shape.ts';
import { anyText, mediaType } from './text-shape.ts';

/** A condition on an event. */
export const eventTest: Shape<Test> = testOf(eventLocation);

const jsonValue: Shape<Template | number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? value : location(value, place);

const answer = byField<HandshakeReply>(
  {
    json: record<Extract<HandshakeReply, { json: unknown }>>({
      status: oneOf(200, 202),
      json: entries(
        { pattern: /^[\w.-]{1,64}$/, allowed: 'a name of letters, digits, ".", "_" and "-"' },
        jsonValue,
      ),
    }),
    text: record<Extract<HandshakeReply, { text: unknown }>>({ status: oneOf(200, 202), text: location }),
  },
  record<{ readonly status: 200 | 202 | 204; readonly contentType?: string }>({
    status: oneOf(200, 202, 204),
    contentType: optional(mediaType),
  }),
);

/** A set-up challenge and its answer. */
export const handshake: Shape<Handshake> = record<Handshake>({
  method: oneOf(...METHODS),
  guard: oneOf('verified', 'none'),
  media: optional(oneOf('json', 'form')),
  when: items(
    testOf(location),
    'a list with at least one condition: else no request would ever be a delivery',
  ),
  answer,
});

function testOf(location: Shape<Template>): Shape<Test> {
  const at = checked(location, hasHole);
  return byField<Test>(
    { is: record<Extract<Test, { is: unknown }>>({ at, is: oneOf('absent', 'word') }) },
    record<{ readonly at: Template; readonly equals?: string }>({ at, equals: optional(anyText) }),
  );
}
