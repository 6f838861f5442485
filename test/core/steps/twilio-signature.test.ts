import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Method, Request } from '../../../lib/core/request.ts';
import { sign, verify } from '../../../lib/core/scheme.ts';
import { step } from '../../../lib/core/steps/twilio-signature.ts';
import { secretsOf } from '../scheme-cases.ts';

// The published example of https://www.twilio.com/docs/usage/webhooks/webhooks-security and those of twilio-node's own tests:
// printf %s "$url$parameters" | openssl dgst -sha1 -hmac 12345 -binary | base64
const TOKEN = '12345';
const HOST = 'https://mycompany.com';
const FORM =
  'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
const FORM_SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
const BARE_SIGNATURE = 'zYQTYrRWXE7LtzbG4PfP7/bkkGo=';
const JSON_BODY = '{"property": "value", "boolean": true}';
const JSON_HASH = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
const JSON_SIGNATURE = 'a9nBmqA0ju/hNViExpshrM61xv4=';

const scheme = { kind: 'step', step: 'twilio-signature' } as const;
const steps = { scheme: step };

interface Sent {
  readonly body?: string;
  readonly type?: string;
  readonly signature?: string;
  readonly query?: string;
  readonly method?: Method;
}

function request({
  body = FORM,
  type = 'application/x-www-form-urlencoded; charset=UTF-8',
  signature,
  query = 'foo=1&bar=2',
  method = 'POST',
}: Sent): Request {
  return {
    method,
    path: '/myapp.php',
    query,
    headers: {
      'content-type': type,
      ...(signature === undefined ? {} : { 'x-twilio-signature': signature }),
    },
    body: Buffer.from(body),
    receivedAt: 0,
  };
}

async function outcome(sent: Sent, { host = HOST, secrets = [TOKEN] } = {}): Promise<string> {
  const { path, query } = request(sent);
  const url = `${host}${path}${query === '' ? '' : `?${query}`}`;
  const answer = await verify({ request: request(sent), url, scheme, secrets: secretsOf(...secrets), steps });
  return answer.kind === 'verified' ? `verified by ${answer.verified.age}` : answer.reason;
}

function mac(text: string): string {
  return createHmac('sha1', TOKEN).update(text).digest('base64');
}

describe('a form', () => {
  test('is accepted with the signature that Twilio publishes', async () => {
    expect(await outcome({ signature: FORM_SIGNATURE })).toBe('verified by newest');
    expect(await outcome({ signature: FORM_SIGNATURE }, { secrets: ['other', TOKEN] })).toBe(
      'verified by older',
    );
    expect(await outcome({ signature: FORM_SIGNATURE }, { secrets: ['other'] })).toBe('wrong-signature');
  });

  test('may hold its parameters in any order, but none more and none less', async () => {
    const shuffled = FORM.split('&').reverse().join('&');
    expect(await outcome({ body: shuffled, signature: FORM_SIGNATURE })).toBe('verified by newest');
    expect(await outcome({ body: `${FORM}&Extra=`, signature: FORM_SIGNATURE })).toBe('wrong-signature');
    expect(await outcome({ body: FORM.replace('&Digits=1234', ''), signature: FORM_SIGNATURE })).toBe(
      'wrong-signature',
    );
  });

  test('is signed with decoded, untrimmed values; names by code unit; equal values of a name once', async () => {
    const body = 'b=%20x+&a=%C3%A9%F0%9F%9A%AA&B=&a=1&a=1&__proto__=p&a%20c=%2B';
    const text = `${HOST}/myapp.php?foo=1&bar=2B__proto__pa1aé🚪a c+b x `;
    expect(await outcome({ body, signature: mac(text) })).toBe('verified by newest');
    expect(await outcome({ body, signature: mac(text.trimEnd()) })).toBe('wrong-signature');
  });

  test('without parameters is signed by its URL', async () => {
    expect(await outcome({ body: '', signature: BARE_SIGNATURE })).toBe('verified by newest');
  });
});

describe('another body', () => {
  const json = { body: JSON_BODY, type: 'application/json', query: `foo=1&bar=2&bodySHA256=${JSON_HASH}` };

  test('is covered by its hash in the URL', async () => {
    expect(await outcome({ ...json, signature: JSON_SIGNATURE })).toBe('verified by newest');
    expect(await outcome({ ...json, body: `${JSON_BODY} `, signature: JSON_SIGNATURE })).toBe(
      'wrong-signature',
    );
  });

  test('without a hash in the URL is not signed, however well the URL is', async () => {
    for (const type of ['application/json', 'text/plain', '', 'multipart/form-data; boundary=x']) {
      expect(await outcome({ body: JSON_BODY, type, signature: BARE_SIGNATURE })).toBe('missing-signature');
      expect(await outcome({ body: '', type, signature: BARE_SIGNATURE })).toBe('missing-signature');
    }
  });

  test('is not covered by a hash that is empty, upper case, short or there twice', async () => {
    for (const hash of [
      '',
      JSON_HASH.toUpperCase(),
      JSON_HASH.slice(2),
      `${JSON_HASH}&bodySHA256=${JSON_HASH}`,
    ]) {
      const query = `foo=1&bar=2&bodySHA256=${hash}`;
      const signature = mac(`${HOST}/myapp.php?${query}`);
      expect(await outcome({ ...json, query, signature }), hash).toBe('malformed-signature');
    }
  });

  test('is not covered by a hash before the last parameter: what follows the URL in a signed text could make one of it', async () => {
    const smuggled = `foo=1AccountSidAC1Body&bodySHA256=${JSON_HASH}&z=From+1`;
    for (const query of [smuggled, `bodySHA256=${JSON_HASH}&foo=1`, `body%53HA256=${JSON_HASH}`]) {
      const signature = mac(`${HOST}/myapp.php?${query}`);
      expect(await outcome({ ...json, query, signature }), query).toBe('malformed-signature');
    }
  });

  test('cannot come as a form instead, to leave its parameters or its hash unsigned', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect(await outcome({ ...json, type: form, signature: JSON_SIGNATURE })).toBe('verified by newest');
    expect(await outcome({ ...json, type: form, body: 'Body=forged', signature: JSON_SIGNATURE })).toBe(
      'wrong-signature',
    );
    expect(await outcome({ type: 'application/json', signature: FORM_SIGNATURE })).toBe('missing-signature');
  });
});

describe('the URL', () => {
  test('is the public one: scheme, host, path and query all count', async () => {
    for (const host of [
      'http://mycompany.com',
      'https://mycompany.com.evil.example',
      'https://mycompany.com/stage',
    ]) {
      expect(await outcome({ signature: FORM_SIGNATURE }, { host }), host).toBe('wrong-signature');
    }
    expect(await outcome({ signature: FORM_SIGNATURE, query: 'bar=2&foo=1' })).toBe('wrong-signature');
    expect(await outcome({ signature: FORM_SIGNATURE, query: '' })).toBe('wrong-signature');
  });

  test('may have been signed with or without the port of its scheme', async () => {
    const signedWithPort = mac(`${HOST}:443/myapp.php?foo=1&bar=2`);
    expect(await outcome({ body: '', signature: signedWithPort })).toBe('verified by newest');
    expect(
      await outcome(
        { body: '', signature: mac(`http://mycompany.com:80/myapp.php?foo=1&bar=2`) },
        { host: 'http://mycompany.com' },
      ),
    ).toBe('verified by newest');
    expect(await outcome({ body: '', signature: BARE_SIGNATURE }, { host: `${HOST}:8443` })).toBe(
      'verified by newest',
    );
    expect(
      await outcome(
        { body: '', signature: mac(`${HOST}:8443/myapp.php?foo=1&bar=2`) },
        { host: `${HOST}:8443` },
      ),
    ).toBe('verified by newest');
    expect(await outcome({ body: '', signature: mac(`${HOST}:80/myapp.php?foo=1&bar=2`) })).toBe(
      'wrong-signature',
    );
  });

  test('may have been signed as it is or escaped', async () => {
    const query = "name=O'Brien:x";
    for (const signed of [query, 'name=O%27Brien:x', "name=O'Brien%3Ax"]) {
      expect(await outcome({ body: '', query, signature: mac(`${HOST}/myapp.php?${signed}`) }), signed).toBe(
        'verified by newest',
      );
    }
  });
});

describe('the header', () => {
  test('is refused when it is absent, empty, no base64 of 20 bytes, or was sent twice', async () => {
    expect(await outcome({})).toBe('missing-signature');
    expect(await outcome({ signature: '' })).toBe('missing-signature');
    for (const signature of [
      `${FORM_SIGNATURE},${FORM_SIGNATURE}`,
      FORM_SIGNATURE.slice(4),
      FORM_SIGNATURE.replace('=', ''),
      'x',
    ]) {
      expect(await outcome({ signature }), signature).toBe('malformed-signature');
    }
  });

  test('is never accepted without a token', async () => {
    expect(await outcome({ signature: FORM_SIGNATURE }, { secrets: [] })).toBe('no-secret');
    expect(
      await outcome({ signature: createHmac('sha1', '').update('x').digest('base64') }, { secrets: [''] }),
    ).toBe('no-secret');
  });
});

test('what we sign is what Twilio would send, with the hash of a JSON body in the query', () => {
  const input = { url: `${HOST}/myapp.php?foo=1&bar=2`, scheme, secret: TOKEN, id: '', timestamp: 0, steps };
  expect(sign({ ...input, request: request({}) })).toEqual({
    headers: { 'x-twilio-signature': FORM_SIGNATURE },
  });
  const once = {
    headers: { 'x-twilio-signature': JSON_SIGNATURE },
    query: `foo=1&bar=2&bodySHA256=${JSON_HASH}`,
  };
  const json = request({ body: JSON_BODY, type: 'application/json' });
  expect(sign({ ...input, request: json })).toEqual(once);
  expect(sign({ ...input, request: { ...json, query: `bodySHA256=old&${json.query}` } })).toEqual(once);
});
