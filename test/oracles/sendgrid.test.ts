import { EventWebhook } from '@sendgrid/eventwebhook';
import { describe, expect, test } from 'vitest';
import { header, type Request } from '../../lib/core/request.ts';
import { post } from '../contracts/provider-fixture.ts';
import { outcomeOf, signedAgain, verifyWith } from '../contracts/signed-request.ts';
import { fixture } from '../fixtures/sendgrid.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

function sdk({ headers, body }: Request, key: string = fixture.secret): boolean {
  const webhook = new EventWebhook();
  return webhook.verifySignature(
    webhook.convertPublicKeyToECDSA(key),
    body,
    header(headers, SIGNATURE) ?? '',
    header(headers, TIMESTAMP) ?? '',
  );
}

const ours = async (request: Request): Promise<boolean> =>
  (await verifyWith(fixture, request, [fixture.secret])).kind === 'verified';

describe.each(fixture.samples)('$name', ({ request }) => {
  test('is accepted by @sendgrid/eventwebhook as by us', async () => {
    expect(sdk(request)).toBe(true);
    expect(await ours(request)).toBe(true);
  });

  test('signed by us is accepted by @sendgrid/eventwebhook', async () => {
    expect(sdk(await signedAgain(fixture, request, { signer: fixture.signer }))).toBe(true);
  });

  test('is refused by both when its bytes or its time are others', async () => {
    const { headers } = request;
    const altered: readonly Request[] = [
      { ...request, body: Buffer.from(request.body.toString().trimEnd()) },
      { ...request, body: Buffer.from(request.body.toString().replaceAll('\r\n', '\n')) },
      { ...request, headers: { ...headers, [TIMESTAMP]: '1795514401' } },
    ];
    for (const each of altered) {
      expect(sdk(each)).toBe(false);
      expect(await ours(each)).toBe(false);
    }
  });
});

/** What SendGrid really sent, as @sendgrid/eventwebhook keeps it in its own tests (src/eventwebhook.spec.js). */
const recorded = [
  {
    key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==',
    signature:
      'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
    timestamp: '1600112502',
    body: '[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n',
  },
  {
    key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQ4LIFtWztlsF7skFqOncjD1lun4H5w8XOhyOArHW9RcIx/FfEzx6cikC/yPfUvwaX/JScE7Fc9CJD2afQ9Ok3Q==',
    signature:
      'MEYCIQC/I4o6vCgqRYrTljjoVWB/GRWNtxeePlLMHr3x9ETeRQIhAIpV+03nREPTTHWSW0wIOA0EoMPdcNgXa70yCaqDJlu5',
    timestamp: '1619651159',
    body: '[{"email":"invalid@gmail.com","event":"processed","send_at":0,"sg_event_id":"cHJvY2Vzc2VkLTE5OTQyMTEyLXFOd0JMZ1BRUWpXNkRKdktRd1NBYnctMA","sg_message_id":"qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-canary-547b64655b-cw6zx-1-6089EA4A-56.0","smtp-id":"<qNwBLgPQQjW6DJvKQwSAbw@ismtpd0178p1mdw1.sendgrid.net>","timestamp":1619651146},\r\n{"email":"invalid@gmail.com","event":"bounce","ip":"167.89.101.76","reason":"552 5.2.2 The email account that you tried to reach is over quota and inactive. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm c17si1130468pgv.34 - gsmtp","sg_event_id":"Ym91bmNlLTAtMTk5NDIxMTItcU53QkxnUFFRalc2REp2S1F3U0Fidy0w","sg_message_id":"qNwBLgPQQjW6DJvKQwSAbw.filterdrecv-canary-547b64655b-cw6zx-1-6089EA4A-56.0","smtp-id":"<qNwBLgPQQjW6DJvKQwSAbw@ismtpd0178p1mdw1.sendgrid.net>","status":"5.2.2","timestamp":1619651147,"tls":1,"type":"blocked"}]\r\n',
  },
] as const;

test.each(recorded)(
  'what SendGrid really sent at $timestamp is accepted by both',
  async ({ key, signature, timestamp, body }) => {
    const headers = { 'content-type': 'application/json', [SIGNATURE]: signature, [TIMESTAMP]: timestamp };
    const request = post('/sendgrid', headers, body, new Date(Number(timestamp) * 1000).toISOString());
    expect(sdk(request, key)).toBe(true);
    expect(await outcomeOf(fixture, request, [key])).toBe('verified by newest');
  },
);
