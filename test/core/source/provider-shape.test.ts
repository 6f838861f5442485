import { describe, expect, test } from 'vitest';
import { rootPlace } from '../../../lib/core/place.ts';
import { DOCUMENT_STEPS } from '../../../lib/core/provider.ts';
import { provider } from '../../../lib/core/source/provider-shape.ts';
import { basic, full, signed, token } from './own-provider.ts';

type Edit = readonly [at: string, value: unknown];

function problemsOf(value: unknown, ...edits: readonly Edit[]): readonly string[] {
  const place = rootPlace('provider');
  const copy = structuredClone(value);
  for (const [at, to] of edits) edit(copy, at.split('.'), to);
  const read = provider(copy, place);
  // What was refused without a reason would be refused in silence.
  expect(read === undefined && place.problems.length === 0).toBe(false);
  return place.problems;
}

function edit(value: unknown, [step = '', ...rest]: readonly string[], to: unknown): void {
  if (rest.length > 0) edit(Reflect.get(value as object, step), rest, to);
  else if (to === undefined) Reflect.deleteProperty(value as object, step);
  else Reflect.set(value as object, step, to);
}

const STEPS = DOCUMENT_STEPS.map((step) => JSON.stringify(step)).join(' or ');
const HOLES = '{header:name}, {query:name}, {body:path}, {digest}';
const SCHEME = 'provider.scheme';
const VERSION = `${SCHEME}.versions[0]`;
const FAMILY = `${SCHEME}.families[0]`;
const SIGNED = 'text with {body}, and {id}, {timestamp}, {url} or {method} where the provider signs them';
const ID_PLACE = 'a place that the signature covers, or idCoverage: "unsigned"';
const second = signed.scheme.versions[0];
const family = signed.scheme.families[0];

describe('a provider of one’s own', () => {
  test.each([
    ['over id, timestamp, method, URL and body', signed],
    ['with a token', token],
    ['with basic authentication', basic],
    ['with every option', full],
  ])('is taken: %s', (_, value) => {
    expect(problemsOf(value)).toEqual([]);
  });

  test.each<[string, readonly Edit[]]>([
    [
      'ed25519',
      [
        [
          'scheme.versions.0',
          { label: 'v1', algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } },
        ],
      ],
    ],
    ['a step of ours', [['scheme', { kind: 'step', step: 'twilio-signature' }]]],
    ['a body that is JSON whatever it is said to be', [['document', 'json']]],
    ['a body that a step makes JSON of', [['document', { step: 'salesforce-soap' }]]],
    ['events that a step reads', [['events', { step: 'twilio-event' }]]],
    ['an answer that a step gives', [['acknowledge', { step: 'discord-acknowledgement' }]]],
    [
      'a bare signature without a time',
      [
        ['scheme.families.0', { signature: { header: 'x-signature' }, id: 'x-id' }],
        ['scheme.signed', '{id}.{body}'],
        ['scheme.versions.0.label', undefined],
        ['scheme.timestamp', undefined],
      ],
    ],
    ['a time in the signature header', [['scheme.families.0.timestamp', { label: 't' }]]],
    ['an id made of the time and the body', [['events.0.id', '{header:x-time}/{body:id}']]],
    ['an id in the signed URL', [['events.0.id', '{query:id}']]],
    [
      'an unsigned id that is said to be so',
      [
        ['events.0.id', '{header:x-other}'],
        ['idCoverage', 'unsigned'],
      ],
    ],
    [
      'no id at all',
      [
        ['events.0.id', undefined],
        ['idCoverage', 'unsigned'],
      ],
    ],
    [
      'an HMAC and a public key told apart by their prefixes',
      [
        ['scheme.versions.0.key', { encoding: 'base64', prefix: { text: 'whsec_', presence: 'optional' } }],
        [
          'scheme.versions.1',
          {
            label: 'v1a',
            algorithm: 'ed25519',
            encoding: 'base64',
            key: { encoding: 'base64', prefix: { text: 'whpk_', presence: 'required' } },
          },
        ],
      ],
    ],
  ])('is taken: %s', (_, edits) => {
    expect(problemsOf(signed, ...edits)).toEqual([]);
  });
});

describe('a signature scheme', () => {
  test.each<[string, unknown, readonly string[]]>([
    [
      'scheme',
      null,
      [
        `${SCHEME}: found null; allowed: an object with kind "signature" or "token" or "basic" or "step" or "any"`,
      ],
    ],
    [
      'scheme.kind',
      'hmac',
      [`${SCHEME}.kind: found "hmac"; allowed: "signature" or "token" or "basic" or "step" or "any"`],
    ],
    [
      'scheme.kind',
      'constructor',
      [`${SCHEME}.kind: found "constructor"; allowed: "signature" or "token" or "basic" or "step" or "any"`],
    ],
    [
      'scheme.families',
      [],
      [`${SCHEME}.families: found an empty list; allowed: a list with at least one family of headers`],
    ],
    [
      'scheme.versions',
      [],
      [`${SCHEME}.versions: found an empty list; allowed: a list with at least one signature version`],
    ],
    [
      'scheme.versions.0.algorithm',
      'hmac-md5',
      [
        `${VERSION}.algorithm: found "hmac-md5"; allowed: "hmac-sha1" or "hmac-sha256" or "hmac-sha512" or "ed25519" or "ecdsa-p256-sha256"`,
      ],
    ],
    [
      'scheme.versions.0.encoding',
      'base32',
      [`${VERSION}.encoding: found "base32"; allowed: "hex" or "base64" or "base64url"`],
    ],
    [
      'scheme.versions.0.algorithm',
      'ed25519',
      [`${VERSION}.key.encoding: found "utf8"; allowed: "hex" or "base64" for a key of ed25519`],
    ],
    [
      'scheme.versions.0.algorithm',
      'ecdsa-p256-sha256',
      [`${VERSION}.key.encoding: found "utf8"; allowed: "hex" or "base64" for a key of ecdsa-p256-sha256`],
    ],
    [
      'scheme.versions.0.label',
      undefined,
      [`${VERSION}.label: found nothing; allowed: a label, since the signature header has assign`],
    ],
    [
      'scheme.versions.0.label',
      'v 1',
      [`${VERSION}.label: found "v 1"; allowed: a label of letters, digits, ".", "_" and "-"`],
    ],
    [
      'scheme.versions.1',
      second,
      [`${SCHEME}.versions[1]: found the label "v1", as in versions[0]; allowed: a label of its own`],
    ],
    [
      'scheme.families.0.signature.assign',
      undefined,
      [`${VERSION}.label: found "v1"; allowed: nothing, since a signature header has no assign`],
    ],
    [
      'scheme.families.0.signature.assign',
      ',',
      [`${FAMILY}.signature.assign: found ","; allowed: another character than separator`],
    ],
    [
      'scheme.families.0.signature.header',
      'X-Signature',
      [`${FAMILY}.signature.header: found "X-Signature"; allowed: the name of a header in lower case`],
    ],
    [
      'scheme.families.0.id',
      undefined,
      [
        `${FAMILY}.id: found nothing; allowed: where it comes from, since {id} is signed`,
        `provider.events[0].id: found "{header:x-id}", where header "x-id" lies outside the signed bytes; allowed: ${ID_PLACE}`,
      ],
    ],
    [
      'scheme.families.0.timestamp',
      undefined,
      [`${FAMILY}.timestamp: found nothing; allowed: where it comes from, since {timestamp} is signed`],
    ],
    [
      'scheme.families.0.timestamp',
      { label: 'v1' },
      [`${FAMILY}.timestamp.label: found "v1"; allowed: another label than the signatures have`],
    ],
    [
      'scheme.families.0.timestamp',
      { header: 'x-signature' },
      [`${FAMILY}.timestamp: found "x-signature"; allowed: another header than the signature has`],
    ],
    [
      'scheme.families.0.timestamp',
      { header: 'x-id' },
      [`${FAMILY}.id: found "x-id"; allowed: another header than the signature and the timestamp have`],
    ],
    [
      'scheme.families.0.timestamp',
      'x-time',
      [`${FAMILY}.timestamp: found a text; allowed: an object with header`],
    ],
    [
      'scheme.families.1',
      family,
      [
        `${SCHEME}.families[1].signature.header: found "x-signature", as in families[0]; allowed: a header of its own`,
      ],
    ],
    [
      'scheme.timestamp',
      undefined,
      [`${SCHEME}.timestamp: found nothing; allowed: unit and toleranceSeconds, since {timestamp} is signed`],
    ],
    [
      'scheme.timestamp.toleranceSeconds',
      0,
      [`${SCHEME}.timestamp.toleranceSeconds: found 0; allowed: a whole number of seconds, 1 to 86400`],
    ],
    ['scheme.signed', '', [`${SCHEME}.signed: found ""; allowed: a template of ${SIGNED}`]],
    [
      'scheme.signed',
      '{id}.{timestamp}.{body',
      [
        `${SCHEME}.signed: found "{id}.{timestamp}.{body", where a brace opens or closes no hole; allowed: ${SIGNED}`,
      ],
    ],
    [
      'scheme.signed',
      '{id}.{timestamp}.{body}.{header:x-a}',
      [
        `${SCHEME}.signed: found the hole "{header:x-a}", which is no part of a signed text; allowed: ${SIGNED}`,
      ],
    ],
    [
      'scheme.signed',
      '{id}.{timestamp?}.{body}',
      [
        `${SCHEME}.signed: found the hole "{timestamp?}", which is optional: what is signed never is; allowed: ${SIGNED}`,
      ],
    ],
    [
      'scheme.signed',
      '{id}.{timestamp}',
      [
        `${SCHEME}.signed: found "{id}.{timestamp}"; allowed: a template with {body} once: a signature that leaves it out would let any body pass`,
      ],
    ],
    [
      'scheme.signed',
      '{id}.{timestamp}.{body}{body}',
      [
        `${SCHEME}.signed: found "{id}.{timestamp}.{body}{body}"; allowed: a template with {body} once: a signature that leaves it out would let any body pass`,
      ],
    ],
    [
      'scheme.signed',
      '{timestamp}.{body}',
      [
        `${FAMILY}.id: found a location; allowed: nothing, since {id} is not in signed`,
        `provider.events[0].id: found "{header:x-id}", where header "x-id" lies outside the signed bytes; allowed: ${ID_PLACE}`,
      ],
    ],
    [
      'scheme.signed',
      '{id}.{body}',
      [
        `${SCHEME}.timestamp: found a rule; allowed: nothing, since {timestamp} is not signed and an unsigned time proves nothing`,
        `${FAMILY}.timestamp: found a location; allowed: nothing, since {timestamp} is not in signed`,
      ],
    ],
    [
      'scheme.key',
      'x',
      [`${SCHEME}: found the unknown field "key"; allowed: kind, families, signed, versions, timestamp`],
    ],
  ])('is refused with %s = %j', (at, value, expected) => {
    expect(problemsOf(signed, [at, value])).toEqual(expected);
  });

  test('with a time under a label needs labels in its signature header', () => {
    const found = problemsOf(
      signed,
      ['scheme.families.0.timestamp', { label: 't' }],
      ['scheme.families.0.signature.separator', undefined],
    );
    expect(found).toEqual([
      `${FAMILY}.timestamp.label: found "t"; allowed: a header, or separator and assign in the signature header, so that it has labels`,
    ]);
  });

  test.each<[string, object, object]>([
    ['a secret is any text', { encoding: 'utf8' }, { encoding: 'hex' }],
    ['a public key has no mark', { encoding: 'hex' }, { encoding: 'hex' }],
    [
      'the mark is optional',
      { encoding: 'hex' },
      { encoding: 'base64', prefix: { text: 'whpk_', presence: 'optional' } },
    ],
    [
      'the mark could be part of a secret',
      { encoding: 'base64' },
      { encoding: 'base64', prefix: { text: 'pk', presence: 'required' } },
    ],
    [
      'both have the same mark',
      { encoding: 'base64', prefix: { text: 'key_', presence: 'required' } },
      { encoding: 'base64', prefix: { text: 'key_', presence: 'required' } },
    ],
    [
      'the mark begins with the secret’s',
      { encoding: 'base64', prefix: { text: 'key_', presence: 'optional' } },
      { encoding: 'base64', prefix: { text: 'key_pub_', presence: 'required' } },
    ],
  ])('must not take a public key for an HMAC secret: %s', (_, secret, key) => {
    const [problem, ...more] = problemsOf(
      signed,
      ['scheme.versions.0.key', secret],
      ['scheme.versions.1', { label: 'v1a', algorithm: 'ed25519', encoding: 'base64', key }],
    );
    expect(problem).toMatch(
      /^provider\.scheme\.versions\[1\]\.key\.prefix: found .*; allowed: a required prefix/,
    );
    expect(more).toEqual([]);
  });
});

describe('a token or a password', () => {
  test.each<[object, string, unknown, string]>([
    [
      token,
      'events.0.type',
      '{header:x-token}',
      'provider.events[0].type: found the header "x-token", which carries the secret; allowed: another place',
    ],
    [
      token,
      'events.0.subject',
      ['a', '{header:x-token?}'],
      'provider.events[0].subject[1]: found the header "x-token", which carries the secret; allowed: another place',
    ],
    [
      token,
      'signatureMark',
      '{header:x-token}',
      'provider.signatureMark: found the header "x-token", which carries the secret; allowed: another place',
    ],
    [
      basic,
      'events.0.id',
      '{header:authorization}',
      'provider.events[0].id: found the header "authorization", which carries the secret; allowed: another place',
    ],
    [
      token,
      'handshakes',
      [
        {
          method: 'GET',
          guard: 'none',
          when: [{ at: '{query:a}' }],
          answer: { status: 200, json: { echo: '{header:x-token}' } },
        },
      ],
      'provider.handshakes[0].answer.json.echo: found the header "x-token", which carries the secret; allowed: another place',
    ],
    [
      token,
      'scheme.header',
      'X-Token',
      'provider.scheme.header: found "X-Token"; allowed: the name of a header in lower case',
    ],
    [
      token,
      'scheme.prefix',
      'Bearer\n',
      'provider.scheme.prefix: found "Bearer\\n"; allowed: printable text, at most 64 characters',
    ],
  ])('in %j is refused with %s = %j', (value, at, to, expected) => {
    expect(problemsOf(value, [at, to])).toEqual([expected]);
  });
});

describe('events', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['events', [], ['provider.events: found an empty list; allowed: a list with at least one event shape']],
    ['events', { step: 'magic' }, ['provider.events.step: found "magic"; allowed: "twilio-event"']],
    [
      'events.0.id',
      'fixed',
      [
        'provider.events[0].id: found "fixed"; allowed: a template whose value differs from event to event: equal ids are duplicates',
      ],
    ],
    [
      'events.0.id',
      'a-{body:id?}',
      [
        'provider.events[0].id: found "a-{body:id?}"; allowed: a template whose value differs from event to event: equal ids are duplicates',
      ],
    ],
    [
      'events.0.id',
      ['{body:id}', 'fixed'],
      [
        'provider.events[0].id: found "fixed"; allowed: a template whose value differs from event to event: equal ids are duplicates',
      ],
    ],
    [
      'events.0.id',
      [],
      ['provider.events[0].id: found an empty list; allowed: a template or a list of templates'],
    ],
    [
      'events.0.id',
      '{header:x-other}',
      [
        `provider.events[0].id: found "{header:x-other}", where header "x-other" lies outside the signed bytes; allowed: ${ID_PLACE}`,
      ],
    ],
    [
      'events.0.id',
      ['{body:id}', '{header:x-signature}'],
      [
        `provider.events[0].id: found "{header:x-signature}", where header "x-signature" lies outside the signed bytes; allowed: ${ID_PLACE}`,
      ],
    ],
    [
      'events.0.id',
      undefined,
      [
        'provider.events[0].id: found nothing; allowed: a template, or idCoverage: "unsigned" where the provider gives no id',
      ],
    ],
    [
      'events.0.type',
      '{body:a..b}',
      [
        `provider.events[0].type: found the hole "{body:a..b}", which has no path to one value; allowed: ${HOLES}`,
      ],
    ],
    [
      'events.0.type',
      '{body:a.*}',
      [
        `provider.events[0].type: found the hole "{body:a.*}", which has no path to one value; allowed: ${HOLES}`,
      ],
    ],
    [
      'events.0.type',
      '{body}',
      [`provider.events[0].type: found the hole "{body}", which has no path to one value; allowed: ${HOLES}`],
    ],
    [
      'events.0.type',
      '{header:X-Kind}',
      [
        `provider.events[0].type: found the hole "{header:X-Kind}", which names no header in lower case; allowed: ${HOLES}`,
      ],
    ],
    [
      'events.0.type',
      '{query}',
      [`provider.events[0].type: found the hole "{query}", which names no parameter; allowed: ${HOLES}`],
    ],
    [
      'events.0.type',
      '{timestamp}',
      [`provider.events[0].type: found the hole "{timestamp}", which is unknown here; allowed: ${HOLES}`],
    ],
    [
      'events.0.type',
      '{digest:x}',
      [`provider.events[0].type: found the hole "{digest:x}", which is unknown here; allowed: ${HOLES}`],
    ],
    [
      'events.0.time',
      { at: 'now', unit: 's' },
      ['provider.events[0].time.at: found "now"; allowed: a template with at least one hole'],
    ],
    [
      'events.0.time',
      { at: '{body:at}', unit: 'integer' },
      ['provider.events[0].time.unit: found "integer"; allowed: "s" or "ms" or "iso" or "decimal"'],
    ],
    [
      'events.0.when.0',
      { at: '{body:a}', is: 'present' },
      ['provider.events[0].when[0].is: found "present"; allowed: "absent" or "word" or "id"'],
    ],
    [
      'events.0.when.0',
      { at: '{body:a}', is: 'absent', equals: 'x' },
      ['provider.events[0].when[0]: found the unknown field "equals"; allowed: at, is'],
    ],
    [
      'events.0.when',
      undefined,
      [
        'provider.events[1]: found a shape that is never reached; allowed: conditions (when) in events[0], which takes every event',
      ],
    ],
    [
      'events.0.when',
      [],
      [
        'provider.events[1]: found a shape that is never reached; allowed: conditions (when) in events[0], which takes every event',
      ],
    ],
  ])('are refused with %s = %j', (at, value, expected) => {
    expect(problemsOf(signed, [at, value])).toEqual(expected);
  });

  test('may not be without an id where a signature tells which of them is a repeat', () => {
    expect(problemsOf(full, ['events.1.id', undefined])).toEqual([
      'provider.events[1].id: found nothing; allowed: a template, or no signatureMark: what comes twice is no repeat without an id',
    ]);
  });

  test('may not read an id from a URL that is not signed', () => {
    const found = problemsOf(
      signed,
      ['scheme.signed', '{id}.{timestamp}.{body}'],
      ['events.0.id', '{query:id}'],
    );
    expect(found).toEqual([
      `provider.events[0].id: found "{query:id}", where query "id" lies outside the signed bytes; allowed: ${ID_PLACE}`,
    ]);
  });

  test('may read an id from the header of each family, since those of others are taken off', () => {
    const other = { ...family, signature: { ...family.signature, header: 'x-old' }, id: 'x-old-id' };
    expect(
      problemsOf(
        signed,
        ['scheme.families.1', other],
        ['events.0.id', ['{header:x-id}', '{header:x-old-id}']],
      ),
    ).toEqual([]);
  });

  test('may not read an id from a header that another family has as its signature', () => {
    const other = { ...family, signature: { ...family.signature, header: 'x-id' }, id: 'x-old-id' };
    expect(problemsOf(signed, ['scheme.families.1', other])).toEqual([
      `provider.events[0].id: found "{header:x-id}", where header "x-id" lies outside the signed bytes; allowed: ${ID_PLACE}`,
    ]);
  });
});

describe('the rest of a provider', () => {
  test.each<[string, unknown, readonly string[]]>([
    [
      'name',
      'Bot',
      ['provider.name: found "Bot"; allowed: a name of a-z, 0-9 and "-", at most 40 characters'],
    ],
    [
      'docs.0',
      'http://example.com',
      ['provider.docs[0]: found "http://example.com"; allowed: an https address'],
    ],
    ['idCoverage', undefined, ['provider.idCoverage: found nothing; allowed: "signed" or "unsigned"']],
    ['document', 'xml', ['provider.document: found "xml"; allowed: "json"']],
    ['document', {}, ['provider.document.formField: found nothing; allowed: one line of text']],
    ['document', { step: 'xml' }, [`provider.document.step: found "xml"; allowed: ${STEPS}`]],
    [
      'document',
      { step: 'salesforce-soap', formField: 'payload' },
      ['provider.document: found the unknown field "formField"; allowed: step'],
    ],
    ['split', true, ['provider.split: found true; allowed: "items"']],
    [
      'repeatableTypes.0',
      '*',
      [
        'provider.repeatableTypes[0]: found "*"; allowed: a type such as "issues.opened", or a beginning such as "issues.*"',
      ],
    ],
    [
      'signatureMark',
      'fixed',
      ['provider.signatureMark: found "fixed"; allowed: a template with at least one hole'],
    ],
    [
      'typeRequires.0.valueBegins',
      'x',
      ['provider.typeRequires[0]: found the unknown field "valueBegins"; allowed: type, equals, body'],
    ],
    [
      'volatile.0',
      '.',
      ['provider.volatile[0]: found "."; allowed: a path such as "data.object.id" or "items.*.token"'],
    ],
    [
      'acknowledge.status',
      204,
      ['provider.acknowledge.body: found a text; allowed: nothing with status 204'],
    ],
    ['acknowledge.status', 404, ['provider.acknowledge.status: found 404; allowed: 200 or 202 or 204']],
    [
      'acknowledge.contentType',
      'text',
      [
        'provider.acknowledge.contentType: found "text"; allowed: a media type such as "text/plain; charset=utf-8"',
      ],
    ],
    [
      'acknowledge.contentType',
      'text/plain\r\nx: y',
      [
        'provider.acknowledge.contentType: found "text/plain\\r\\nx: y"; allowed: a media type such as "text/plain; charset=utf-8"',
      ],
    ],
    [
      'delivery.timeoutMs',
      1.5,
      ['provider.delivery.timeoutMs: found 1.5; allowed: a whole number of milliseconds, 1 to 900000'],
    ],
    ['delivery.retries', 'some', ['provider.delivery.retries: found "some"; allowed: "none"']],
    [
      'delivery.retries',
      { spanSeconds: -1 },
      ['provider.delivery.retries.spanSeconds: found -1; allowed: a whole number of seconds, 1 to 31622400'],
    ],
    ['setup.0', 'a\nb', ['provider.setup[0]: found "a\\nb"; allowed: one line of text']],
    [
      'handshakes.0.when',
      [],
      [
        'provider.handshakes[0].when: found nothing; allowed: at least one condition: else no request would ever be a delivery',
      ],
    ],
    [
      'handshakes.0.when.0.at',
      'always',
      ['provider.handshakes[0].when[0].at: found "always"; allowed: a template with at least one hole'],
    ],
    [
      'handshakes.0.when.0.at',
      '{digest}',
      [
        'provider.handshakes[0].when[0].at: found the hole "{digest}", which is unknown here; allowed: {header:name}, {query:name}, {body:path}',
      ],
    ],
    [
      'handshakes.0.guard',
      'trust',
      ['provider.handshakes[0].guard: found "trust"; allowed: "verified" or "none"'],
    ],
    [
      'handshakes.0.method',
      'TRACE',
      [
        'provider.handshakes[0].method: found "TRACE"; allowed: "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS"',
      ],
    ],
    [
      'handshakes.0.answer.status',
      204,
      ['provider.handshakes[0].answer.status: found 204; allowed: 200 or 202'],
    ],
    [
      'handshakes.0.answer.text',
      'x',
      ['provider.handshakes[0].answer: found the unknown field "text"; allowed: status, headers, json'],
    ],
    [
      'handshakes.0.answer.json',
      { 'a b': 1 },
      [
        'provider.handshakes[0].answer.json: found the name "a b"; allowed: a name of letters, digits, ".", "_" and "-"',
      ],
    ],
    [
      'handshakes.0.answer.json.version',
      Number.POSITIVE_INFINITY,
      [
        'provider.handshakes[0].answer.json.version: found Infinity; allowed: a template of {header:name}, {query:name}, {body:path}, {mac}',
      ],
    ],
  ])('is refused with %s = %j', (at, value, expected) => {
    expect(problemsOf(full, [at, value])).toEqual(expected);
  });
});
