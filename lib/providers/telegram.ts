import type { EventShape, Provider } from '../core/provider.ts';

/** An update holds one object, and its name is the type: a text or number that such an object always has tells it. */
function update(type: string, mark: string): EventShape {
  return {
    when: [{ at: `{body:${type}.${mark}}` }],
    id: '{body:update_id}',
    type,
    time: { at: `{body:${type}.date}`, unit: 's' },
  };
}

/** The state of a message, in seconds: two edits in one second have no order. */
function message(type: string, version: 'date' | 'edit_date', of = ''): EventShape {
  const at = `{body:${type}.${version}}`;
  return {
    ...update(type, 'message_id'),
    subject: `message/${of}{body:${type}.chat.id}/{body:${type}.message_id}`,
    time: { at, unit: 's' },
    version: { at, unit: 's' },
  };
}

/** Two accounts that the bot serves number their messages each for itself. */
function businessMessage(type: string, version: 'date' | 'edit_date'): EventShape {
  return message(type, version, `{body:${type}.business_connection_id}/`);
}

/** Updates of one bot. Nothing is signed. A kind that came later than this list has the type `update`, so that none is lost. */
export const telegram: Provider = {
  name: 'telegram',
  title: 'Telegram',
  docs: [
    'https://core.telegram.org/bots/api#setwebhook',
    'https://core.telegram.org/bots/api#update',
    'https://core.telegram.org/bots/webhooks',
  ],
  scheme: { kind: 'token', header: 'x-telegram-bot-api-secret-token' },
  events: [
    message('message', 'date'),
    message('edited_message', 'edit_date'),
    message('channel_post', 'date'),
    message('edited_channel_post', 'edit_date'),
    businessMessage('business_message', 'date'),
    businessMessage('edited_business_message', 'edit_date'),
    update('guest_message', 'message_id'),
    update('deleted_business_messages', 'business_connection_id'),
    update('business_connection', 'id'),
    update('message_reaction', 'message_id'),
    update('message_reaction_count', 'message_id'),
    update('inline_query', 'id'),
    update('chosen_inline_result', 'result_id'),
    update('callback_query', 'id'),
    update('shipping_query', 'id'),
    update('pre_checkout_query', 'id'),
    update('purchased_paid_media', 'from.id'),
    update('poll', 'id'),
    update('poll_answer', 'poll_id'),
    update('my_chat_member', 'date'),
    update('chat_member', 'date'),
    update('chat_join_request', 'date'),
    update('chat_boost', 'boost.boost_id'),
    update('removed_chat_boost', 'boost_id'),
    update('stopped_message_generation', 'draft_id'),
    update('managed_bot', 'bot.id'),
    update('subscription', 'state'),
    { id: '{body:update_id}', type: 'update' },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 86_400 } },
  setup: [
    'Choose a secret token of 1 to 256 letters, digits, _ and -, and store it.',
    'Call https://api.telegram.org/bot<token>/setWebhook with url, secret_token and the allowed_updates that you want: some kinds come only when they are named there.',
    'A bot has one webhook; while it is set, getUpdates gives nothing. Each bot needs a source of its own: update_id is unique within a bot.',
    'getWebhookInfo tells how many updates are waiting, and the last error.',
  ],
  unverified: [
    'How long Telegram waits for an answer: 10 seconds are taken.',
    'For how long a failed update is repeated: its page says “a reasonable amount of attempts”, and keeps updates for 24 hours.',
  ],
};
