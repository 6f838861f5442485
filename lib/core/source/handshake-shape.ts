import { fieldOf, quote, wrong } from '../place.ts';
import type { ConfirmationStep, Handshake, HandshakeReply, Test } from '../provider.ts';
import { CONFIRMATION_STEPS } from '../provider-handshake.ts';
import { METHODS } from '../request.ts';
import {
  byField,
  checked,
  entries,
  items,
  list,
  numberOr,
  objectOr,
  oneOf,
  optional,
  record,
  type Shape,
} from '../shape.ts';
import type { Template } from '../template.ts';
import { answerLocation, eventLocation, hasHole, location } from './template-shape.ts';
import { anyText, HEADER_NAME, mediaType } from './text-shape.ts';

/** A condition on an event. */
export const eventTest: Shape<Test> = testOf(eventLocation);

const jsonValue: Shape<Template | number> = numberOr(answerLocation);

const replyHeaders = optional(
  entries({ pattern: HEADER_NAME, allowed: 'the name of a header in lower case' }, answerLocation),
);

const answer = byField<HandshakeReply>(
  {
    json: record<Extract<HandshakeReply, { json: unknown }>>({
      status: oneOf(200, 202),
      headers: replyHeaders,
      json: entries(
        { pattern: /^[\w.-]{1,64}$/, allowed: 'a name of letters, digits, ".", "_" and "-"' },
        jsonValue,
      ),
    }),
    text: record<Extract<HandshakeReply, { text: unknown }>>({
      status: oneOf(200, 202),
      headers: replyHeaders,
      text: answerLocation,
    }),
  },
  record<Exclude<HandshakeReply, { readonly json: unknown } | { readonly text: unknown }>>({
    status: oneOf(200, 202, 204),
    headers: replyHeaders,
    contentType: optional(mediaType),
  }),
);

const guardLocation = checked(location, hasHole);
const guardTemplate = byField<Exclude<Handshake['guard'], string>>(
  {
    installs: record<{ readonly installs: Template }>({ installs: guardLocation }),
    confirms: record<{ readonly confirms: ConfirmationStep }>({ confirms: oneOf(...CONFIRMATION_STEPS) }),
  },
  record<{ readonly verifyToken: Template }>({ verifyToken: guardLocation }),
);

const guard: Shape<Handshake['guard']> = objectOr(guardTemplate, oneOf('verified', 'none'));

/** A set-up challenge and its answer. */
export const handshake: Shape<Handshake> = checked(
  record<Handshake>({
    method: oneOf(...METHODS),
    guard,
    media: optional(oneOf('json', 'form')),
    when: optional(list(testOf(location), 'a list of conditions')),
    mac: optional(checked(location, hasHole)),
    answer,
  }),
  ({ method, when = [], mac, answer: { headers, ...body } }, place) => {
    if (method === 'POST' && when.length === 0)
      wrong(
        fieldOf(place, 'when'),
        'nothing',
        'at least one condition: else no request would ever be a delivery',
      );
    const asksForMac = JSON.stringify([headers, body]).includes('{mac}');
    if (asksForMac !== (mac !== undefined))
      wrong(
        fieldOf(place, 'mac'),
        mac === undefined ? 'nothing' : quote(mac),
        'what the {mac} of the answer is made of, and both or neither',
      );
  },
);

function testOf(location: Shape<Template>): Shape<Test> {
  const at = checked(location, hasHole);
  return byField<Test>(
    {
      is: record<Extract<Test, { is: unknown }>>({ at, is: oneOf('absent', 'word', 'id') }),
      oneOf: record<Extract<Test, { oneOf: unknown }>>({
        at,
        oneOf: items(anyText, 'a list with at least one text'),
      }),
    },
    record<{ readonly at: Template; readonly equals?: string }>({ at, equals: optional(anyText) }),
  );
}
