import { type Fresh, type SampleBody, type SampleBook, seconds } from './sample.ts';

/** A batch about one message, as it is sent: a line end between the events, and one at the end. */
function batch(...kinds: readonly string[]): (fresh: Fresh) => SampleBody {
  return (fresh) => {
    const sg_message_id = `${fresh.text(22)}.recvd-5f54b5d587-${fresh.text(5)}-1-0`;
    const events = kinds.map((event, index) =>
      JSON.stringify({
        email: 'jenny.rosen@example.com',
        event,
        ...DETAILS[event],
        sg_event_id: fresh.text(48),
        sg_message_id,
        'smtp-id': `<${fresh.text(22)}@geopod-ismtpd-3>`,
        timestamp: seconds(fresh.now) - (kinds.length - 1 - index),
        order_id: '1347',
      }),
    );
    return { contentType: 'application/json', text: `[${events.join(',\r\n')}]\r\n` };
  };
}

const DETAILS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  delivered: { response: '250 2.0.0 OK', tls: '1' },
  open: { useragent: 'Mozilla/5.0', ip: '192.0.2.17' },
  click: { url: 'https://example.com/orders/1347', useragent: 'Mozilla/5.0', ip: '192.0.2.17' },
  bounce: { type: 'bounce', reason: '550 5.1.1 The email account does not exist', status: '5.1.1' },
};

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export const sendgrid: SampleBook = {
  bodies: {
    processed: batch('processed', 'delivered', 'open'),
    delivered: batch('delivered'),
    click: batch('click'),
    bounce: batch('bounce'),
  },
};
