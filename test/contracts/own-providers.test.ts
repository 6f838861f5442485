import { describe } from 'vitest';
import type { EventShape, Provider, Scheme } from '../../lib/core/provider.ts';
import { describeApi } from './api-contract.ts';
import { describeScheme } from './provider-contract.ts';
import { post, type Sample } from './provider-fixture.ts';

const body = '{"id":"e1","type":"deal.won","at":"2026-11-24T09:59:58Z"}';

/** What a user may write in `bin/sources.ts`. */
function own(scheme: Scheme): Provider {
  return {
    name: 'own',
    title: 'Own',
    docs: [],
    scheme,
    events: [{ id: '{body:id}', type: '{body:type}' }],
    idCoverage: 'signed',
    delivery: { timeoutMs: 5_000, retries: 'none' },
    setup: [],
  };
}

function describeOwn(
  name: string,
  scheme: Scheme,
  keys: { secret: string; signer?: string },
  headers: Record<string, string>,
  sent: { path?: string; body?: string } = {},
): void {
  describe(name, () => {
    describeScheme({
      provider: own(scheme),
      publicUrl: 'https://hooks.example.com',
      secret: keys.secret,
      signer: keys.signer ?? keys.secret,
      samples: [
        {
          name: 'a request',
          request: post(sent.path ?? '/crm?portal=7', headers, sent.body ?? body, '2026-11-24T10:00:00Z'),
          events: [],
        },
      ],
    });
  });
}

// printf %s "POSThttps://hooks.example.com/crm?portal=7${body}1795514400000" | openssl dgst -sha256 -hmac "$secret" -binary | base64
describeOwn(
  'HMAC over method, URL, body and milliseconds, in base64',
  {
    kind: 'signature',
    families: [{ signature: { header: 'x-crm-signature' }, timestamp: { header: 'x-crm-timestamp' } }],
    signed: '{method}{url}{body}{timestamp}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 300 },
  },
  { secret: 'own-secret-of-the-crm' },
  { 'x-crm-signature': 'cznSeqgZZntFLUomCw6LnHjE4ykyI2f6tPxEmK6dkWY=', 'x-crm-timestamp': '1795514400000' },
);

// printf %s "e1:1795514400:$body" | openssl dgst -sha512 -mac HMAC -macopt hexkey:000102…1f
describeOwn(
  'HMAC-SHA512 over id, time and body, in a list with labels, with a key in hex',
  {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-crm-signature', separator: ';', assign: '=' },
        timestamp: { label: 'ts' },
        id: 'x-crm-id',
      },
    ],
    signed: '{id}:{timestamp}:{body}',
    versions: [{ label: 'h1', algorithm: 'hmac-sha512', encoding: 'hex', key: { encoding: 'hex' } }],
    timestamp: { unit: 's', toleranceSeconds: 60 },
  },
  { secret: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' },
  {
    'x-crm-id': 'e1',
    'x-crm-signature':
      'ts=1795514400;h1=f2d317b03fb8c27336f7ab4e75467ef1618da41d593518b08465176a6dc8f5fb515d8ea107afcb5572cf7e863721f5ac5db884514f55d627bbd98ed151be8a6c',
  },
);

// openssl pkeyutl -sign -rawin, with the key of test/oracles/openssl-vectors.json
describeOwn(
  'Ed25519 over time and body, with a key in hex',
  {
    kind: 'signature',
    families: [{ signature: { header: 'x-crm-signature' }, timestamp: { header: 'x-crm-timestamp' } }],
    signed: '{timestamp}{body}',
    versions: [{ algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  {
    secret: '05ddea2ff53f7d1c7f4f3a65b1c2af036cecd9fea2d2cc73a947cbbef76d805e',
    signer: '473daa57eaf2077c2d24e72d2d447d785d7a7ff9af088bfb99264d10f1955af7',
  },
  {
    'x-crm-signature':
      'ad445dfa8937496c167557e48d68518d02db55d40ab2a9612318856dd76c02845703c32838e077aea46a765add898ae7e465ccd3d099580db5e715cab4a36100',
    'x-crm-timestamp': '1795514400',
  },
);

describeOwn(
  'a token behind a prefix',
  { kind: 'token', header: 'authorization', prefix: 'Bearer ' },
  { secret: 'own-token' },
  {
    authorization: 'Bearer own-token',
  },
);

// printf %s 'crm:own password' | base64
describeOwn(
  'user and password',
  { kind: 'basic' },
  { secret: 'crm:own password' },
  { authorization: 'Basic Y3JtOm93biBwYXNzd29yZA==' },
);

describeOwn(
  'a token in the URL',
  { kind: 'token', query: 'access token' },
  { secret: 'own & token' },
  {},
  { path: '/crm?portal=7&access+token=own+%26+token' },
);

describeOwn(
  'a token in every item of the body',
  { kind: 'token', body: 'value.*.state' },
  { secret: 'own-token' },
  { 'content-type': 'application/json' },
  { body: '{"value":[{"id":"e1","state":"own-token"},{"id":"e2","state":"own-token"}]}' },
);

// printf %s "1795514400000.$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64 | tr '+/' '-_' | tr -d =
describeOwn(
  'HMAC in base64url, with a space behind each comma',
  {
    kind: 'signature',
    families: [
      { signature: { header: 'x-crm-signature', separator: ', ', assign: '=' }, timestamp: { label: 't' } },
    ],
    signed: '{timestamp}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'base64url', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 180 },
  },
  { secret: 'own-secret-of-the-crm' },
  { 'x-crm-signature': 't=1795514400000, v1=1b8RQqdIbdDjO8hMOEJjl4zMBLYMOBjarAlABoTaXe4' },
);

// printf %s "${body}2026-11-24T12:00:00.5+02:00" | openssl dgst -sha256 -hmac "$secret" -binary | base64
describeOwn(
  'HMAC over body and RFC 3339 time, in one of two headers',
  {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-crm-primary', also: ['x-crm-secondary'] },
        timestamp: { header: 'x-crm-timestamp' },
      },
    ],
    signed: '{body}{timestamp}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'base64', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'iso', toleranceSeconds: 600 },
  },
  { secret: 'own-secret-of-the-crm' },
  {
    'x-crm-primary': 'xt5RS2Gv106m0tRreFUwcbhCDn+4khntwtYbquX95XU=',
    'x-crm-timestamp': '2026-11-24T12:00:00.5+02:00',
  },
);

// printf %s "$body" | openssl dgst -sha256 -hmac "$secret"
describeOwn(
  'HMAC over a body that holds the time',
  {
    kind: 'signature',
    families: [{ signature: { header: 'x-crm-signature' }, timestamp: { body: 'sent' } }],
    signed: '{body}',
    versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 'ms', toleranceSeconds: 60 },
  },
  { secret: 'own-secret-of-the-crm' },
  {
    'content-type': 'application/json',
    'x-crm-signature': '85a0ec389422741d832a815996d1dc13ebfa79513033cbcc038db36b7ca7ad47',
  },
  { body: '{"id":"e1","type":"deal.won","sent":1795514400000}' },
);

// printf %s "$body" | openssl dgst -sha256 -hmac "$secret"
describeOwn(
  'HMAC, or where it comes without a token',
  {
    kind: 'any',
    of: [
      {
        kind: 'signature',
        families: [{ signature: { header: 'x-crm-signature', separator: ',', assign: '=' } }],
        signed: '{body}',
        versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
      },
      { kind: 'token', header: 'x-crm-token' },
    ],
  },
  { secret: 'own-secret-of-the-crm' },
  { 'x-crm-signature': 'v1=a476506631a5b85b0afd0165317ad39259eba04ad3d2c208bc84bc34672b3320' },
);

describe('with an API of its own', () => {
  const deal: EventShape = {
    when: [{ at: '{body:deal.id}' }],
    id: '{body:id}',
    type: '{body:type}',
    subject: 'deal/{body:deal.id}',
    version: { at: '{body:deal.revision}', unit: 'integer' },
    resource: {
      path: '/deals/{body:deal.id}?with=all',
      version: { at: '{body:revision}', unit: 'integer' },
      deletion: [{ at: '{body:type}', equals: 'deal.deleted' }],
      deleted: [{ at: '{body:trashed}', equals: 'true' }],
    },
  };
  const hint: EventShape = {
    id: '{body:id}',
    type: '{body:type}',
    resource: {
      subject: 'contact/{body:contact}',
      path: ['/contacts/{body:contact}', '/contacts/by-number/{body:number}'],
      ids: 'name',
    },
  };
  const provider: Provider = {
    ...own({ kind: 'token', header: 'x-crm-token' }),
    events: [deal, hint],
    api: { auth: [{ kind: 'basic' }], rate: { perSecond: 2, burst: 5 } },
  };
  const sample = (name: string, sent: string, event: Sample['events'][number]): Sample => ({
    name,
    request: post(
      '/crm',
      { 'x-crm-token': 'own-token', 'content-type': 'application/json' },
      sent,
      '2026-11-24T10:00:00Z',
    ),
    events: [event],
  });
  const version = '00000000000000000007';

  describeApi(
    [
      {
        provider,
        publicUrl: 'https://hooks.example.com',
        secret: 'own-token',
        signer: 'own-token',
        samples: [
          sample('a state', '{"id":"e1","type":"deal.won","deal":{"id":12,"revision":7}}', {
            id: 'e1',
            type: 'deal.won',
            subject: 'deal/12',
            version,
            resource: { path: '/deals/12?with=all', says: 'stands' },
          }),
          sample('a deletion', '{"id":"e2","type":"deal.deleted","deal":{"id":13,"revision":7}}', {
            id: 'e2',
            type: 'deal.deleted',
            subject: 'deal/13',
            version,
            resource: { path: '/deals/13?with=all', says: 'deleted' },
          }),
          sample('a hint', '{"id":"e3","type":"contact.changed","contact":"a.b"}', {
            id: 'e3',
            type: 'contact.changed',
            resource: { subject: 'contact/a.b', path: '/contacts/a.b', says: 'stands' },
          }),
          sample('a hint at what has no address', '{"id":"e4","type":"contact.changed","contact":"a/b"}', {
            id: 'e4',
            type: 'contact.changed',
          }),
        ],
        resources: [
          {
            name: 'a deal',
            path: '/deals/12?with=all',
            body: '{"id":12,"revision":7,"trashed":false}',
            reads: { kind: 'stands', version },
          },
          {
            name: 'a deal in the bin',
            path: '/deals/13?with=all',
            body: '{"id":13,"revision":8,"trashed":true}',
            reads: { kind: 'deleted' },
          },
          { name: 'a contact', path: '/contacts/a.b', body: '{"id":"a.b"}', reads: { kind: 'stands' } },
        ],
      },
    ],
    {},
  );
});
