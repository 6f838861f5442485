import type { Provider } from '../core/provider.ts';
import { unknownHabits } from './sender.ts';

/**
 * CloudEvents 1.0 over HTTP, from any sender, in all three content modes: each event is read as its JSON form. Only source and id
 * together are unique; a space stands between them, since no source holds one. Nothing is signed.
 */
export const cloudevents: Provider = {
  name: 'cloudevents',
  title: 'CloudEvents',
  docs: [
    'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md',
    'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md',
    'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md',
  ],
  scheme: {
    kind: 'any',
    of: [
      { kind: 'token', header: 'authorization', prefix: 'Bearer ' },
      { kind: 'token', query: 'access_token' },
    ],
  },
  handshakes: [
    {
      method: 'OPTIONS',
      guard: 'none',
      when: [{ at: '{header:webhook-request-origin}' }],
      answer: {
        status: 200,
        headers: {
          allow: 'OPTIONS, POST',
          'webhook-allowed-origin': '{header:webhook-request-origin}',
          'webhook-allowed-rate': '*',
        },
      },
    },
  ],
  document: { step: 'cloudevents' },
  split: 'items',
  events: [
    {
      id: '{body:source} {body:id}',
      type: '{body:type}',
      time: { at: '{body:time}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  // Extensions for tracing name the attempt, not the event.
  volatile: ['traceparent', 'tracestate'],
  acknowledge: { status: 202 },
  delivery: unknownHabits,
  setup: [
    'Choose a long random token, store it, and give it to the sender as a bearer token (Authorization: Bearer …). Where it can send none, put it into the URL (?access_token=…): then it stands in the logs of whatever passes the URL on.',
    'A sender that asks for consent first (OPTIONS with WebHook-Request-Origin) gets it, at any rate; no callback is called. The consent proves nothing: each delivery has to bring the token.',
    'Structured, batched and binary mode are taken; events are published as their JSON form. The XML, Avro and Protobuf formats are answered with 202 too, and become dead letters: nothing is lost, and the alarm tells.',
    'The token proves who sends, not what: use it only over TLS.',
  ],
};
