import webhooks from '@octokit/webhooks-examples' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import type { Event } from '../../lib/core/event.ts';
import { github } from '../../lib/providers/github.ts';
import { JSON_TYPE, readOne, reconcilingSource } from '../core/intake-cases.ts';

interface Payload {
  readonly repository?: { readonly id: number };
}

/** Real payloads, contributed by the community. Its types describe another way to load it. */
const examples = webhooks as unknown as readonly {
  readonly name: string;
  readonly examples: readonly Payload[];
}[];

const source = reconcilingSource(github);

function read(name: string, payload: Payload): Promise<Event> {
  const headers = { ...JSON_TYPE, 'x-github-event': name, 'x-github-delivery': 'guid' };
  return readOne(source, { body: JSON.stringify(payload), headers });
}

/**
 * Every address of the API in a payload, with the id of its repository for whatever name: some payloads were made anonymous by hand, and
 * call their own by two names.
 */
function addresses(payload: Payload): readonly string[] {
  const found = JSON.stringify(payload).match(/https:\/\/api\.github\.com[^"\s]*/g) ?? [];
  return found.map((address) =>
    address.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${payload.repository?.id}`),
  );
}

/** A job that has the address of another one: its payload was put together from several. */
const PATCHED = '/repositories/186853002/actions/jobs/289782451';

/** Their payloads do not name their own address. */
const NAMELESS = [
  ...['create', 'delete', 'push', 'security_advisory'],
  // By an address that GitHub is closing down.
  ...['team', 'team_add'],
];

describe.each(
  examples
    .filter(({ name }) => !NAMELESS.includes(name))
    .map(({ name, examples: payloads }) => ({ name, payloads })),
)('the resource of real payloads of $name', ({ name, payloads }) => {
  test('is read where GitHub says that it is, or not at all', async () => {
    for (const payload of payloads) {
      const { resource } = await read(name, payload);
      if (resource === undefined || resource.path === PATCHED) continue;
      const review = /^(.*)\/reviews\/\d+$/.exec(resource.path)?.[1];
      expect(addresses(payload)).toContain(`https://api.github.com${review ?? resource.path}`);
    }
  });
});

test('is found for most of the events that have one', async () => {
  const found = new Map<string, number>();
  for (const { name, examples: payloads } of examples) {
    for (const payload of payloads) {
      const { resource } = await read(name, payload);
      if (resource !== undefined) found.set(name, (found.get(name) ?? 0) + 1);
    }
  }
  expect([...found.keys()].sort()).toEqual([
    'check_run',
    'check_suite',
    'code_scanning_alert',
    'commit_comment',
    'create',
    'delete',
    'dependabot_alert',
    'deploy_key',
    'deployment',
    'deployment_status',
    'issue_comment',
    'issues',
    'milestone',
    'pull_request',
    'pull_request_review',
    'pull_request_review_comment',
    'push',
    'release',
    'repository',
    'security_advisory',
    'team',
    'team_add',
    'workflow_job',
    'workflow_run',
  ]);
});

test('a deletion is told by its action, a deleted ref by its event or by the push', async () => {
  for (const { name, examples: payloads } of examples) {
    for (const payload of payloads) {
      const { resource, type } = await read(name, payload);
      if (resource === undefined) continue;
      const isDeletion =
        type.endsWith('.deleted') || name === 'delete' || Reflect.get(payload, 'deleted') === true;
      expect(resource.says, type).toBe(isDeletion ? 'deleted' : 'stands');
    }
  }
});
