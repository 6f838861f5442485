import { type Fresh, form, json, type SampleBody, type SampleBook } from './sample.ts';

const AccountSid = 'AC0123456789abcdef0123456789abcdef';
const [From, To] = ['+15005550006', '+15005550001'];

function message(status: string): (fresh: Fresh) => SampleBody {
  return (fresh) => {
    const sid = `SM${fresh.hex(32)}`;
    return form({
      AccountSid,
      ApiVersion: '2010-04-01',
      From,
      To,
      MessageSid: sid,
      MessageStatus: status,
      SmsSid: sid,
      SmsStatus: status,
    });
  };
}

function incoming(fresh: Fresh): SampleBody {
  const sid = `SM${fresh.hex(32)}`;
  return form({
    AccountSid,
    ApiVersion: '2010-04-01',
    From: To,
    To: From,
    Body: 'Ahoy! When is my order coming? 😀',
    FromCity: 'SAN FRANCISCO',
    FromCountry: 'US',
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
  });
}

function call(fresh: Fresh): SampleBody {
  return form({
    AccountSid,
    ApiVersion: '2010-04-01',
    CallDuration: '15',
    CallSid: `CA${fresh.hex(32)}`,
    CallStatus: 'completed',
    CallbackSource: 'call-progress-events',
    Direction: 'outbound-api',
    Duration: '1',
    From,
    SequenceNumber: '3',
    Timestamp: new Date(fresh.now).toUTCString().replace('GMT', '+0000'),
    To,
  });
}

/** Event Streams: a batch of CloudEvents. */
function stream(fresh: Fresh): SampleBody {
  const messageSid = `SM${fresh.hex(32)}`;
  const time = new Date(fresh.now).toISOString();
  return json([
    {
      specversion: '1.0',
      type: 'com.twilio.messaging.message.delivered',
      source: `/${AccountSid}/Messages/${messageSid}.json`,
      id: `EZ${fresh.hex(32)}`,
      dataschema: 'https://events-schemas.twilio.com/Messaging.MessageStatus/3',
      datacontenttype: 'application/json',
      time,
      data: {
        accountSid: AccountSid,
        messageSid,
        messageStatus: 'DELIVERED',
        from: From,
        to: To,
        timestamp: time,
      },
    },
  ]);
}

/** https://www.twilio.com/docs/messaging/guides/track-outbound-message-status, …/voice and …/events */
export const twilio: SampleBook = {
  bodies: {
    'message.delivered': message('delivered'),
    'message.sent': message('sent'),
    'message.received': incoming,
    'call.completed': call,
    'com.twilio.messaging.message.delivered': stream,
  },
};
