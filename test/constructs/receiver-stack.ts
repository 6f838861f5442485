import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdk from '../../cdk.json' with { type: 'json' };
import { BUNDLES_CONTEXT } from '../../lib/constructs/bundled-function.ts';
import { WebhookReceiver } from '../../lib/constructs/webhook-receiver.ts';
import type { WebhookReceiverProps } from '../../lib/constructs/webhook-receiver-props.ts';
import type { SourceDefinition, Sources } from '../../lib/core/source.ts';
import { discord } from '../../lib/providers/discord.ts';
import { slack } from '../../lib/providers/slack.ts';
import { twilio } from '../../lib/providers/twilio.ts';

/** Small bundles in the bundler's layout, so that no test waits for a build. */
export const BUNDLES: string = join(import.meta.dirname, '../fixtures/bundles');

/** A user's own provider, with a set-up challenge by GET. */
export const own: SourceDefinition = {
  provider: {
    name: 'acme',
    scheme: { kind: 'token', header: 'x-acme-token' },
    handshakes: [
      {
        method: 'GET',
        guard: 'none',
        when: [{ at: '{query:challenge}' }],
        answer: { status: 200, text: '{query:challenge}' },
      },
    ],
    events: [{ id: '{body:id}', type: '{body:type}' }],
    idCoverage: 'unsigned',
    delivery: { timeoutMs: 4_000, retries: { spanSeconds: 40 * 86_400 } },
  },
  path: ['/acme', '/acme-blue'],
};

/** Its provider brings the secret in a set-up request. */
const bringsItsSecret: SourceDefinition = {
  provider: {
    name: 'bringer',
    scheme: {
      kind: 'signature',
      families: [{ signature: { header: 'x-signature' } }],
      signed: '{body}',
      versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: { encoding: 'utf8' } }],
    },
    handshakes: [
      {
        method: 'POST',
        guard: { installs: '{header:x-secret}' },
        when: [{ at: '{header:x-secret}' }],
        answer: { status: 200 },
      },
    ],
    events: [{ id: '{body:id}', type: '{body:type}' }],
    idCoverage: 'signed',
    delivery: { timeoutMs: 10_000, retries: 'none' },
  },
};

/** Two such sources beside others; one of them is in set-up, or none. */
export function withSetup(setup: 'install-secret' | undefined): Sources {
  return {
    ...sources,
    waiting: setup === undefined ? bringsItsSecret : { ...bringsItsSecret, setup },
    done: bringsItsSecret,
  };
}

/** One source beside the others whose provider's API is asked. */
export function withReconciled(): Sources {
  const api = {
    baseUrls: { live: 'https://api.acme.example' },
    auth: [{ kind: 'basic' }],
    rate: { perSecond: 5, burst: 5 },
  } as const;
  return { ...sources, asked: { provider: { ...own.provider, api }, reconcile: 'when-unsure' } };
}

export const sources: Sources = {
  chat: { provider: slack },
  bot: { provider: discord },
  calls: { provider: twilio },
};

const outputs: string[] = [];

/** For `afterAll`: the CDK leaves what it wrote. */
export function removeOutputs(): void {
  for (const folder of outputs.splice(0)) rmSync(folder, { recursive: true });
}

export function app(context: AppProps['context'] = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'headgate-cdk-'));
  outputs.push(outdir);
  return new App({
    outdir,
    context: { ...cdk.context, [BUNDLES_CONTEXT]: BUNDLES, ...context },
  });
}

/** A stack `Hooks` with one receiver `Receiver`, not synthesized yet. */
export function receiverStack(
  props: Partial<WebhookReceiverProps> | ((stack: Stack) => Partial<WebhookReceiverProps>) = {},
  of: App = app(),
): { readonly stack: Stack; readonly receiver: WebhookReceiver } {
  const stack = new Stack(of, 'Hooks', { env: { account: '123456789012', region: 'eu-west-1' } });
  const given = typeof props === 'function' ? props(stack) : props;
  return { stack, receiver: new WebhookReceiver(stack, 'Receiver', { sources, ...given }) };
}

export function templateOf(...of: Parameters<typeof receiverStack>): Template {
  return Template.fromStack(receiverStack(...of).stack);
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resourcesOf(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The one resource of its type whose logical id has this beginning. */
export function resourceOf(template: Template, type: string, beginning: string): Resource {
  const found = resourcesOf(template, type).filter(([id]) => id.startsWith(beginning));
  const [only] = found;
  if (found.length !== 1 || only === undefined) {
    throw new Error(
      `expected one ${type} ${beginning}…, found ${found.map(([id]) => id).join(', ') || 'none'}`,
    );
  }
  return only[1];
}
