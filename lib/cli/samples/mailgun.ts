import { json, type SampleBook, seconds } from './sample.ts';

/** What stands for the time and the signature is replaced when it is signed. */
const event =
  (name: string): SampleBook['bodies'][string] =>
  (fresh) =>
    json({
      signature: { token: fresh.hex(50), timestamp: '0', signature: '-' },
      'event-data': {
        event: name,
        timestamp: seconds(fresh.now) + 0.123456,
        id: fresh.text(22),
        recipient: 'zoe@example.com',
        message: { headers: { 'message-id': `${fresh.digits(14)}.1.${fresh.hex(16)}@harbour.example` } },
      },
    });

export const mailgun: SampleBook = {
  bodies: { delivered: event('delivered'), opened: event('opened'), failed: event('failed') },
};
