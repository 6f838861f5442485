import { expect, test } from 'vitest';
import type { Claim } from '../../lib/core/claim.ts';
import type { EventKey, Subject, Version } from '../../lib/core/event.ts';
import type { FetchedEvent, Held } from '../../lib/core/held.ts';
import type { DocumentShape } from '../../lib/core/provider.ts';
import { answered } from '../../lib/core/reconcile.ts';
import type { SourceName } from '../../lib/core/source.ts';
import { START } from './process-world.ts';

function candidate(id: string, version: string, shape: DocumentShape): Held<FetchedEvent> {
  return {
    event: {
      source: 'depot' as SourceName,
      key: id as EventKey,
      id,
      type: 'changed',
      subject: 's' as Subject,
      version: version as Version,
      resource: { path: `/${id}`, payload: 'state', says: 'stands', shape },
      payload: { kind: 'json', text: '{}' },
      fingerprint: id,
      delivery: id,
      origin: 'webhook',
      receivedAt: START,
    } as FetchedEvent,
    claim: {} as Claim,
    failedPublications: 0,
  };
}

test('reads the document as the newest event says, which named what was asked for', () => {
  const older = candidate('e1', '0001', { deleted: [{ at: '{body:hidden}', equals: 'true' }] });
  const newest = candidate('e2', '0002', { deleted: [{ at: '{body:deleted}', equals: 'true' }] });
  const clock = { now: START, micros: START * 1000, retentionSeconds: 86_400 };
  const known = { row: undefined, published: false };
  const answer = { kind: 'found', text: '{"hidden":true}' } as const;
  expect(answered([older, newest], known, answer, clock).commit).toMatchObject({
    by: newest,
    standing: { verdict: 'fresh' },
  });
});
