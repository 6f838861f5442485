import type { AcknowledgeStepCode } from '../step.ts';

/**
 * Discord wants an answer by the kind of interaction within 3 s; what a subscriber has to say follows later through the REST API
 * (https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type).
 * Webhook events want 204 (https://docs.discord.com/developers/events/webhook-events).
 */
export const step: AcknowledgeStepCode = {
  acknowledge(read) {
    const field = (name: string): string | undefined => read({ from: 'body', name });
    const headers = { 'content-type': 'application/json' };
    // Of the two only interactions have a token; `type` 1 and up exist in both.
    if (field('token') === undefined) return { status: 204, headers, body: '' };
    return { status: 200, headers, body: JSON.stringify(callback(field('type'))) };
  },
};

/** An autocomplete cannot be deferred, so it gets no choices; of an unknown kind the message is deferred, as for a command. */
function callback(type: string | undefined): object {
  switch (type) {
    case '3':
      return { type: 6 };
    case '4':
      return { type: 8, data: { choices: [] } };
    default:
      return { type: 5 };
  }
}
