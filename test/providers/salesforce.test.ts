import { describe, expect, test } from 'vitest';
import { answerTo } from '../../lib/core/ingest-outcome.ts';
import type { Request } from '../../lib/core/request.ts';
import { salesforce } from '../../lib/providers/salesforce.ts';
import { read, readOne, sourceOf } from '../core/intake-cases.ts';
import { down, secretsOf, take, world } from '../core/intake-world.ts';
import { fixture, headers } from '../fixtures/salesforce.ts';

const source = sourceOf(salesforce);
const [{ request }, deleted] = fixture.samples;
const ACK = '<Ack>true</Ack>';

function soap(...notifications: readonly string[]): string {
  return `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D</OrganizationId>${notifications.join('')}</notifications></e:Body></e:Envelope>`;
}

function notification(id: string, fields: string): string {
  return `<Notification>${id && `<Id>${id}</Id>`}<sObject xsi:type="sf:Lead"><sf:Id>00Q</sf:Id>${fields}</sObject></Notification>`;
}

const readSoap = (body: string) => read(source, { body, headers });

describe('the answer', () => {
  const secrets = { read: async () => secretsOf(fixture.secret), refresh: async () => undefined };
  const answer = async (sent: Partial<Request>, ports = world({ secrets })) =>
    answerTo(await take(request, { provider: salesforce, ports, request: { ...request, ...sent } }));

  test('is an acknowledgement once the queue has the message', async () => {
    const ports = world({ secrets });
    expect(await answer({}, ports)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: expect.stringContaining(ACK),
    });
    expect(ports.sent).toHaveLength(1);
  });

  test('is none for whatever failed: the wrong token, no secret, queue and bucket down, too large', async () => {
    const broken = {
      queue: { send: () => Promise.reject(down('sqs:SendMessage')) },
      objects: { get: async () => Buffer.alloc(0), put: () => Promise.reject(down('s3:PutObject')) },
    };
    const none = { read: async () => secretsOf(), refresh: async () => undefined };
    const answers = [
      await answer({ query: 'token=another' }),
      await answer({ query: '' }),
      await answer({ method: 'GET' }),
      await answer({}, world({ secrets: none })),
      await answer({}, world({ secrets, ...broken })),
      await answer({ body: Buffer.alloc(7_000_000) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 405, 503, 503, 413]);
    for (const { body } of answers) expect(body).not.toContain('Ack');
  });

  test('is an acknowledgement for records that the source does not want, which are not queued', async () => {
    const ports = world({ secrets });
    const outcome = await take(request, {
      provider: salesforce,
      ports,
      options: { events: ['Contact'] },
      request,
    });
    expect(outcome).toMatchObject({ kind: 'filtered', type: 'Account' });
    expect(answerTo(outcome).body).toContain(ACK);
    expect(ports.sent).toEqual([]);
  });
});

describe('a message', () => {
  test('that declares entities is a dead letter, and nothing of it is quoted', async () => {
    const canary = 'file:///etc/canary';
    for (const type of [`<!DOCTYPE e [<!ENTITY x SYSTEM "${canary}">]>`, '<!DOCTYPE e>']) {
      const reading = await readSoap(type + soap(notification('04l', '<sf:Name>&x;</sf:Name>')));
      expect(reading).toEqual({
        kind: 'unreadable',
        reason: 'unreadable',
        explanation: 'the body has a document type or a processing instruction',
      });
    }
  });

  test.each([
    ['no XML', '{}'],
    ['another envelope', '<a/>'],
    ['no body', '<Envelope/>'],
    ['two bodies', soap(notification('1', '')).replace('</e:Envelope>', '<e:Body/></e:Envelope>')],
    ['no notification', soap()],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from('<a>'), Buffer.from([0xc3, 0x28])])],
  ])('of %s is a dead letter', async (_, body) => {
    expect(await read(source, { body, headers })).toMatchObject({ kind: 'unreadable' });
  });

  test('is read by what it is, whatever its content type is said to be', async () => {
    const body = soap(notification('04l', ''));
    for (const type of ['text/xml', 'application/json', 'application/x-www-form-urlencoded', ''])
      expect((await readOne(source, { body, headers: { 'content-type': type } })).type, type).toBe('Lead');
  });

  test('of a hundred notifications is a hundred events', async () => {
    const body = soap(...Array.from({ length: 100 }, (_, index) => notification(`04l${index}`, '')));
    const reading = await readSoap(body);
    const keys = reading.kind === 'events' ? reading.events.map(({ key }) => key) : [];
    expect(new Set(keys).size).toBe(100);
  });

  test('with one bad notification neither loses nor blocks the others', async () => {
    const body = soap(notification('1', ''), notification('', ''), notification('3', ''));
    expect(await readSoap(body)).toMatchObject({
      events: [{ type: 'Lead' }, { type: 'Lead' }],
      unreadable: [{ index: 1, reason: 'unidentified' }],
    });
  });
});

describe('a record', () => {
  const payload = async (fields: string) => {
    const event = await readOne(source, { body: soap(notification('04l', fields)), headers });
    const { sObject } = JSON.parse(String(event.payload.kind === 'json' && event.payload.text))
      .Notification[0];
    return sObject;
  };

  test('keeps its values as the texts that were sent: no number loses its zeros, no blank its spaces', async () => {
    expect(
      await payload(
        '<sf:Zip__c>01234</sf:Zip__c><sf:Name> A </sf:Name><sf:Empty__c/><sf:Nil__c xsi:nil="true"/>',
      ),
    ).toEqual({
      attributes: { type: 'Lead' },
      Id: '00Q',
      Zip__c: '01234',
      Name: ' A ',
      Empty__c: '',
      Nil__c: null,
    });
  });

  test('may hold compound fields, and fields that come more than once', async () => {
    const address = '<sf:Address><sf:city>Köln</sf:city></sf:Address>';
    expect(await payload(`${address}<sf:Tag__c>a</sf:Tag__c><sf:Tag__c>b</sf:Tag__c>`)).toMatchObject({
      Address: { city: 'Köln' },
      Tag__c: ['a', 'b'],
    });
  });

  test('that changed until it was sent again, under the same id, is another event; the same is not', async () => {
    const keyOf = async (name: string, more: string = '') =>
      (
        await readOne(source, {
          body: soap(more, notification('04l', `<sf:Name>${name}</sf:Name>`)),
          headers,
        })
      ).key;
    expect(await keyOf('old')).toBe(await keyOf('old'));
    expect(await keyOf('old')).toBe(await keyOf('old', '<PartnerUrl>https://other.example</PartnerUrl>'));
    expect(await keyOf('old')).not.toBe(await keyOf('new'));
  });

  test('has an order only by a time that every change moves', async () => {
    const at = async (field: string) =>
      readOne(source, {
        body: soap(notification('04l', `<sf:${field}>2026-11-24T09:59:58.123Z</sf:${field}>`)),
        headers,
      });
    expect(await at('SystemModstamp')).toMatchObject({
      subject: 'Lead/00Q',
      version: '01795514398123000000',
    });
    expect(await at('LastModifiedDate')).not.toHaveProperty('subject');
  });
});

test('a session id is in no event, and in no explanation', async () => {
  const sent = deleted ?? fixture.samples[0];
  expect(String(sent.request.body)).toContain('canary-of-a-session');
  expect(JSON.stringify(await read(source, sent.request))).not.toContain('canary');
  const broken = Buffer.from(String(sent.request.body).replace('</soapenv:Envelope>', ''));
  const reading = await read(source, { ...sent.request, body: broken });
  expect(reading.kind).toBe('unreadable');
  expect(JSON.stringify(reading)).not.toContain('canary');
});
