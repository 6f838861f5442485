import { type Draft, FORM_TYPE, form, iso, JSON_TYPE, json, sha256, type Turn } from './draft.ts';
import type { SourceName } from './genuine.ts';
import type { OwnName } from './own-drafts.ts';

/** What each provider sends. */
export const providerDrafts: Readonly<Record<Exclude<SourceName, OwnName>, (turn: Turn) => Draft>> = {
  github({ k, subject, version, at }): Draft {
    const kind = subject % 2 === 0 ? 'issue' : 'pull_request';
    // More than a double holds.
    const id = 9_007_199_254_740_993n + BigInt(subject);
    const text = `{"action":"edited","number":${subject},"${kind}":{"id":${id},"title":"Häfen 🔒 ${version}","updated_at":"${iso(at)}"},"repository":{"id":186853002},"sender":{"id":1}}`;
    const event = kind === 'issue' ? 'issues' : kind;
    const guid = `72d3162e-cc78-11e3-81ab-${String(k).padStart(12, '0')}`;
    return {
      ...(kind === 'issue' ? json(text) : form({ payload: text })),
      headers: {
        ...(kind === 'issue' ? JSON_TYPE : FORM_TYPE),
        'x-github-delivery': guid,
        'x-github-event': event,
        'x-github-hook-id': '487156234',
      },
      about: [{ id: guid, type: `${event}.edited`, subject: `${kind}/${id}`, version, payload: text }],
    };
  },

  stripe({ k, subject, version, at }): Draft {
    const id = `evt_${k}`;
    if (subject % 4 === 3) {
      const text = `{"id":"${id}","object":"v2.core.event","type":"v1.billing.meter.no_meter_found","created":"${iso(at)}","related_object":{"id":"mtr_${subject}","type":"billing.meter"}}`;
      const type = 'v1.billing.meter.no_meter_found';
      return { ...json(text), about: [{ id, type, payload: text }] };
    }
    const object = { id: `cus_${subject}`, object: 'customer', balance: version };
    const type = 'customer.updated';
    const event = { id, object: 'event', created: at / 1000, type, data: { object }, pending_webhooks: 1 };
    const text = JSON.stringify(event, undefined, 2);
    return {
      ...json(text),
      about: [{ id, type, subject: `customer/cus_${subject}`, version, payload: text }],
    };
  },

  // Two are larger than the topic takes.
  'standard-webhooks': (turn): Draft => standard(turn, turn.k % 40 === 7 ? 300_000 : 0),

  // Two are larger than the queue takes.
  svix: (turn): Draft => ({
    ...standard(turn, turn.k % 40 === 11 ? 1_200_000 : 0),
    family: turn.subject % 2,
  }),

  slack({ k, subject, version, at }): Draft {
    const app = { api_app_id: 'A1', team_id: 'T1' };
    const trigger_id = `${1_000_000 + k}.1.abc`;
    switch (subject % 3) {
      case 0: {
        const user = { id: `U${subject}`, name: `jenny ${version}` };
        const event = { type: 'user_change', user, event_ts: `${at / 1000}.000100` };
        const text = JSON.stringify({
          ...app,
          event,
          type: 'event_callback',
          event_id: `Ev${k}`,
          event_time: at / 1000,
        });
        const id = `A1/T1/Ev${k}`;
        return {
          ...json(text),
          about: [{ id, type: 'user_change', subject: `users/U${subject}`, version, payload: text }],
        };
      }
      case 1: {
        const fields = { ...app, command: '/deploy', text: 'staging & more', trigger_id };
        return {
          ...form(fields),
          about: [{ id: trigger_id, type: 'command./deploy', payload: JSON.stringify(fields) }],
        };
      }
      default: {
        const payload = JSON.stringify({ ...app, type: 'block_actions', user: { id: 'U1' }, trigger_id });
        return {
          ...form({ payload }),
          about: [{ id: trigger_id, type: 'interactivity.block_actions', payload }],
        };
      }
    }
  },

  discord({ k, subject, version, at }): Draft {
    if (subject % 2 === 0) {
      const text = `{"id":"${1_310_160_000_000_000_000n + BigInt(k)}","application_id":"1","type":2,"data":{"name":"gate"},"token":"secret","version":1}`;
      const id = String(1_310_160_000_000_000_000n + BigInt(k));
      return { ...json(text), about: [{ id, type: 'interaction.command', payload: text }] };
    }
    const data = { id: `12345059804078${subject}`, consumed: version % 2 === 0 };
    const timestamp = iso(at).replace('Z', '.064834');
    const text = JSON.stringify({
      version: 1,
      application_id: '1',
      type: 1,
      event: { type: 'ENTITLEMENT_UPDATE', timestamp, data },
    });
    return {
      ...json(text),
      about: [{ id: sha256(text), type: 'ENTITLEMENT_UPDATE', subject: data.id, version, payload: text }],
    };
  },

  twilio({ k, subject, version, at }): Draft {
    const AccountSid = 'AC0123456789abcdef0123456789abcdef';
    const sid = String(subject).padStart(32, '0');
    switch (subject % 3) {
      case 0: {
        const CallSid = `CA${sid}`;
        const fields = {
          AccountSid,
          CallSid,
          CallStatus: 'in-progress',
          SequenceNumber: String(version),
          From: '+15005550006',
        };
        const about = {
          type: 'call.in-progress',
          subject: `Calls/${CallSid}`,
          version,
          payload: JSON.stringify(fields),
        };
        return { ...form(fields), about: [{ id: `${CallSid}/in-progress/${version}`, ...about }] };
      }
      case 1: {
        const MessageSid = `SM${sid}`;
        const MessageStatus = ['queued', 'sending', 'sent', 'delivered', 'read'][version - 1] ?? '';
        const fields = { AccountSid, MessageSid, MessageStatus, To: '+15005550001' };
        const about = {
          type: `message.${MessageStatus}`,
          subject: `Messages/${MessageSid}`,
          version,
          payload: JSON.stringify(fields),
        };
        return { ...form(fields), about: [{ id: `${MessageSid}/${MessageStatus}`, ...about }] };
      }
      default: {
        const messageSid = `SM${String(k).padStart(32, 'a')}`;
        const about = ['sent', 'delivered'].map((status, index) => {
          const type = `com.twilio.messaging.message.${status}`;
          const id = `EZ${k}-${status}`;
          const payload = JSON.stringify({
            specversion: '1.0',
            id,
            type,
            time: iso(at),
            data: { messageSid },
          });
          return { id, type, subject: `Messages/${messageSid}`, version: index, payload };
        });
        return { ...json(`[${about.map(({ payload }) => payload).join(', ')}]`), about };
      }
    }
  },

  sendgrid({ k, since }): Draft {
    const message = `msg-${Math.floor(k / 2)}.recvd`;
    const about = ['processed', 'delivered', 'open'].map((type, index) => {
      const version = (k % 2) * 3 + index;
      const id = `sg-${k}-${type}`;
      const timestamp = since / 1000 + version;
      const email = 'jenny@example.com';
      const payload = JSON.stringify({
        email,
        event: type,
        sg_event_id: id,
        sg_message_id: message,
        timestamp,
      });
      return { id, type, subject: `${message}/${email}`, version, payload };
    });
    return { ...json(`[${about.map(({ payload }) => payload).join(',\r\n')}]\r\n`), about };
  },

  shopify({ k, subject, version, at }): Draft {
    const eventId = `98880550-7158-44d4-b7cd-${String(k).padStart(12, '0')}`;
    if (subject % 4 === 3) {
      const text = JSON.stringify({
        topic: 'Product',
        action: 'update',
        handle: `h${k}`,
        fields_changed: ['title'],
      });
      return {
        ...json(text),
        headers: { ...JSON_TYPE, 'shopify-event-id': eventId },
        about: [{ id: `${eventId}/h${k}`, type: 'events/Product/update', payload: text }],
      };
    }
    const product = 788_032_119_674_292_900n + BigInt(subject);
    const gid = `gid://shopify/Product/${product}`;
    const text = `{"id":${product},"admin_graphql_api_id":"${gid}","title":"Boots ${version}","created_at":"2026-01-15T09:30:00+01:00","updated_at":"${iso(at)}"}`;
    return {
      ...json(text),
      headers: { ...JSON_TYPE, 'x-shopify-topic': 'products/update', 'x-shopify-event-id': eventId },
      family: 1,
      about: [
        { id: `${eventId}/products/update`, type: 'products/update', subject: gid, version, payload: text },
      ],
    };
  },
};

function standard({ k, subject, version, at }: Turn, padding: number): Draft {
  const data = {
    id: `inv_${subject}`,
    paid: version,
    ...(padding === 0 ? {} : { text: 'x'.repeat(padding) }),
  };
  const text = JSON.stringify({ type: 'invoice.paid', timestamp: iso(at), data });
  const messageId = `msg_${k}`;
  return {
    ...json(text),
    messageId,
    about: [{ id: messageId, type: 'invoice.paid', payload: text }],
  };
}
