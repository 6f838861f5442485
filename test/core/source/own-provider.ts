import type { SignatureScheme } from '../../../lib/core/provider.ts';
import type { ProviderDefinition } from '../../../lib/core/source.ts';

/** A user's own provider that uses every part a signature scheme has. */
export const signed: ProviderDefinition & { readonly scheme: SignatureScheme } = {
  name: 'deploy-bot',
  scheme: {
    kind: 'signature',
    families: [
      {
        signature: { header: 'x-signature', separator: ',', assign: '=' },
        timestamp: { header: 'x-time' },
        id: 'x-id',
      },
    ],
    signed: '{id}.{timestamp}.{method}.{url}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [
    {
      when: [{ at: '{header:x-kind}', equals: 'deploy' }],
      id: '{header:x-id}',
      type: '{body:type}',
      subject: ['{body:app.id}', '{body:app.name}'],
      time: { at: '{body:at}', unit: 'iso' },
      version: { at: '{body:revision}', unit: 'integer' },
    },
    { id: '{digest}', type: 'other' },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 3_600 } },
};

export const token: ProviderDefinition = {
  name: 'doorbell',
  scheme: { kind: 'token', header: 'x-token' },
  events: [{ id: '{body:id}', type: 'ring' }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: 'none' },
};

export const basic: ProviderDefinition = {
  ...token,
  name: 'printer',
  scheme: { kind: 'basic' },
};

/** Everything that is optional. */
export const full: ProviderDefinition = {
  ...signed,
  name: 'full',
  title: 'Full',
  docs: ['https://example.com/webhooks'],
  handshakes: [
    {
      method: 'POST',
      guard: 'verified',
      media: 'json',
      when: [
        { at: '{body:type}', equals: 'challenge' },
        { at: '{body:id}', is: 'absent' },
      ],
      answer: { status: 200, json: { challenge: '{body:challenge}', version: 1 } },
    },
    {
      method: 'GET',
      guard: 'none',
      when: [{ at: '{query:challenge}' }],
      answer: { status: 200, text: '{query:challenge}' },
    },
    { method: 'HEAD', guard: 'none', when: [{ at: '{header:user-agent?}' }], answer: { status: 204 } },
  ],
  document: { formField: 'payload' },
  split: 'items',
  idCoverage: 'unsigned',
  repeatableTypes: ['ping', 'repository_dispatch.*'],
  signatureMark: '{header:x-signature}',
  typeRequires: [
    { type: '{header:x-kind}', equals: 'issues', body: 'issue' },
    { type: '{header:x-kind}', equals: 'push', lacks: 'issue' },
    { type: '{header:x-kind}', begins: 'orders/', body: 'gid', valueBegins: 'gid://shopify/Order/' },
  ],
  volatile: ['sent_at', 'items.*.attempt', 'labels.app\\.io/name'],
  acknowledge: { status: 202, contentType: 'text/plain; charset=utf-8', body: 'queued' },
  delivery: { timeoutMs: 1_000, retries: 'none', withoutRetries: 'Turn on retries.', maxBytes: 1_048_576 },
  setup: ['Create the webhook.', 'Paste the URL.'],
};
