// In a project of yours: from 'headgate'.
import type { ProviderDefinition, Sources } from '../lib/index.ts';

/**
 * A sender that signs all there is, by HMAC:
 *
 *     POST /deploys?region=eu
 *     x-deploy-id: dep_81
 *     x-deploy-timestamp: 1795170000
 *     x-deploy-signature: v1=<hex of HMAC-SHA256(secret, "dep_81.1795170000.POST.https://…/deploys?region=eu.<body>")>
 *
 *     {"type":"deploy.finished","app":{"id":7},"revision":12,"at":"2026-11-24T10:20:00Z"}
 */
const deployBot: ProviderDefinition = {
  name: 'deploy-bot',
  scheme: {
    kind: 'signature',
    families: [
      {
        // While a secret is being changed there are two: v1=…,v1=…
        signature: { header: 'x-deploy-signature', separator: ',', assign: '=' },
        timestamp: { header: 'x-deploy-timestamp' },
        id: 'x-deploy-id',
      },
    ],
    signed: '{id}.{timestamp}.{method}.{url}.{body}',
    versions: [{ label: 'v1', algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [
    {
      id: '{header:x-deploy-id}',
      type: '{body:type}',
      // Events of one subject are put in order, here by the app's revision.
      subject: 'app/{body:app.id}',
      version: { at: '{body:revision}', unit: 'integer' },
      time: { at: '{body:at}', unit: 'iso' },
    },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 10_000, retries: { spanSeconds: 86_400 } },
};

/** A sender that shows a token: `authorization: Bearer <secret>`. It sends no id, so what is equal is a copy. */
const statusPage: ProviderDefinition = {
  name: 'status-page',
  scheme: { kind: 'token', header: 'authorization', prefix: 'Bearer ' },
  events: [
    { id: '{digest}', type: 'incident.{body:incident.status}', subject: 'incident/{body:incident.id}' },
  ],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: 'none' },
};

/** A sender with user and password, in a form. The secret is `user:password`. */
const doorbell: ProviderDefinition = {
  name: 'doorbell',
  scheme: { kind: 'basic' },
  events: [{ id: '{body:ring}', type: 'ring' }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: 'none' },
};

/** A sender with a key pair of its own: the secret is its public key, 32 bytes in hex. */
const notary: ProviderDefinition = {
  name: 'notary',
  scheme: {
    kind: 'signature',
    families: [
      { signature: { header: 'x-signature-ed25519' }, timestamp: { header: 'x-signature-timestamp' } },
    ],
    signed: '{timestamp}{body}',
    versions: [{ algorithm: 'ed25519', encoding: 'hex', key: { encoding: 'hex' } }],
    timestamp: { unit: 's', toleranceSeconds: 300 },
  },
  events: [{ id: '{body:seal}', type: '{body:kind}' }],
  idCoverage: 'signed',
  delivery: { timeoutMs: 5_000, retries: 'none' },
};

const sources: Sources = {
  deploys: { provider: deployBot },
  status: { provider: statusPage, path: ['/status', '/status-page'] },
  doorbell: { provider: doorbell },
  notary: { provider: notary, events: ['deed.*'] },
};

export default sources;
