import { describe, expect, test } from 'vitest';
import {
  type Claim,
  type ClaimToken,
  claimWrite,
  contentWrite,
  deadWrite,
  decideClaim,
  decideContent,
  decideKnown,
  recordWrite,
  releaseWrite,
} from '../../lib/core/claim.ts';
import { apply, type Row } from '../../lib/core/conditional-write.ts';
import type { DeliveryId } from '../../lib/core/delivery.ts';
import type { Digest, Event, EventKey, Sequence } from '../../lib/core/event.ts';
import type { SourceName } from '../../lib/core/source.ts';

const NOW = 1_795_000_000_500;
const event: Event = {
  source: 'github' as SourceName,
  key: 'e1' as EventKey,
  id: 'e1',
  type: 'push',
  payload: { kind: 'json', text: '{}' },
  fingerprint: 'f1' as Digest,
  content: 'c1' as Digest,
  delivery: 'd1' as DeliveryId,
  origin: 'webhook',
  receivedAt: NOW,
};
const changed: Event = { ...event, fingerprint: 'f2' as Digest };
const fromSweep: Event = { ...changed, origin: 'sweep' };
const claim: Claim = {
  token: 't1' as ClaimToken,
  leaseUntil: NOW + 45_000,
  now: NOW,
  retentionSeconds: 1_000,
};
const later = (ms: number, token = 't2'): Claim => ({
  ...claim,
  token: token as ClaimToken,
  now: NOW + ms,
  leaseUntil: NOW + ms + 45_000,
});

const rowAfter = (write: ReturnType<typeof claimWrite>, row?: Row): Row => {
  const answer = apply(write, row);
  if (answer.kind === 'refused') expect.fail('the write was refused');
  return answer.row;
};
const decide = (of: Event, by: Claim, row: Row | undefined): ReturnType<typeof decideClaim> =>
  decideClaim(of, by, apply(claimWrite(of, by), row));

const claimed = rowAfter(claimWrite(event, claim));
const published = rowAfter(recordWrite(event, claim, { verdict: 'fresh' }), claimed);
const dead = rowAfter(deadWrite(event, claim, 'publish-refused'), claimed);

describe('a claim', () => {
  test.each<readonly [string, Event, Claim, Row | undefined, string]>([
    ['of an event that nobody has seen is granted', event, claim, undefined, 'claimed'],
    ['whose lease still runs keeps others out', event, later(45_000), claimed, 'busy'],
    ['whose lease has ended is open to others', event, later(45_001), claimed, 'claimed'],
    [
      'of an event that another delivery has published finds a duplicate',
      { ...event, delivery: 'd2' as DeliveryId },
      later(1),
      published,
      'duplicate',
    ],
    ['of an event that this delivery has published finds its record', event, later(1), published, 'recorded'],
    ['of a dead event is granted, for a redrive', event, later(1), dead, 'claimed'],
    ['of other content under a published key is a collision', changed, later(1), published, 'collision'],
    [
      'of other content under a key that is worked on is a collision',
      changed,
      later(1),
      claimed,
      'collision',
    ],
    [
      'of other content under a key whose lease has ended is a collision',
      changed,
      later(45_001),
      claimed,
      'collision',
    ],
    ['of other content under a dead key is a collision', changed, later(1), dead, 'collision'],
    [
      'of other content that the sweep found is never a collision',
      fromSweep,
      later(1),
      published,
      'recorded',
    ],
    [
      'that the sweep makes is granted when the lease has ended, whatever its content',
      fromSweep,
      later(45_001),
      claimed,
      'claimed',
    ],
    ['that the sweep makes waits for a lease like any other', fromSweep, later(1), claimed, 'busy'],
    ['until the last second of its record is refused', event, later(1_000_499), published, 'recorded'],
    [
      'after its record has expired is granted, deleted or not',
      event,
      later(1_000_500),
      published,
      'claimed',
    ],
    [
      'of other content after the record has expired is granted',
      changed,
      later(1_000_500),
      published,
      'claimed',
    ],
  ])('%s', (_title, of, by, row, kind) => {
    expect(decide(of, by, row).kind).toBe(kind);
  });

  test('whose answer got lost is still ours when the client asks again', () => {
    expect(decide(event, claim, claimed)).toEqual({ kind: 'claimed', failedPublications: 0 });
  });

  test('says until when others are busy', () => {
    expect(decide(event, later(10), claimed)).toEqual({ kind: 'busy', until: NOW + 45_000 });
  });

  test('that was refused by a row which has gone since is tried again, not taken for a collision', () => {
    expect(decideClaim(event, claim, { kind: 'refused', row: undefined })).toEqual({
      kind: 'busy',
      until: NOW,
    });
  });

  test('forgets how an earlier life of the event ended', () => {
    expect(rowAfter(claimWrite(event, later(1)), dead)).not.toHaveProperty('reason');
    expect(rowAfter(claimWrite(event, later(1_000_500)), published)).not.toHaveProperty('verdict');
  });
});

describe('the holder of a claim', () => {
  const takenOver = rowAfter(claimWrite(event, later(45_001)), claimed);

  test.each([
    ['records', recordWrite(event, claim, { verdict: 'superseded' })],
    ['gives it back', releaseWrite(event, claim, 'publication-failed')],
    ['declares it dead', deadWrite(event, claim, 'publish-refused')],
  ])('%s, and nobody else does: not who has lost it, not twice, not without a row', (_title, write) => {
    expect(apply(write, claimed).kind).toBe('written');
    expect(apply(write, takenOver)).toEqual({ kind: 'refused', row: takenOver });
    expect(apply(write, published)).toEqual({ kind: 'refused', row: published });
    expect(apply(write, undefined).kind).toBe('refused');
  });

  test('records the verdict, and the sequence of a state', () => {
    const standing = { verdict: 'fresh', sequence: '1795000000500000' as Sequence } as const;
    expect(rowAfter(recordWrite(event, claim, standing), claimed)).toMatchObject({
      state: 'published',
      ...standing,
      expires: 1_795_001_000,
    });
    expect(published).not.toHaveProperty('sequence');
    expect(published).not.toHaveProperty('lease');
  });

  test('gives it back so that the next need not wait, and counts the attempt', () => {
    const once = rowAfter(releaseWrite(event, claim, 'publication-failed'), claimed);
    expect(decide(event, later(1), once)).toEqual({ kind: 'claimed', failedPublications: 1 });
    const again = rowAfter(claimWrite(event, later(1)), once);
    const uncounted = rowAfter(releaseWrite(event, later(1), 'none'), again);
    expect(decide(event, later(2, 't3'), uncounted)).toEqual({ kind: 'claimed', failedPublications: 1 });
  });

  test('forgets the attempts when it is done', () => {
    const failed = rowAfter(
      claimWrite(event, claim),
      rowAfter(releaseWrite(event, claim, 'publication-failed'), claimed),
    );
    expect(failed).toHaveProperty('failures', 1);
    expect(rowAfter(recordWrite(event, claim, { verdict: 'fresh' }), failed)).not.toHaveProperty('failures');
    expect(rowAfter(deadWrite(event, claim, 'attempts-exhausted'), failed)).not.toHaveProperty('failures');
  });
});

describe('a row that is read before any claim', () => {
  test('shows that this delivery, or another, has published the event', () => {
    expect(decideKnown(event, published, NOW)).toEqual({ kind: 'recorded' });
    expect(decideKnown(event, published, NOW + 1_000_499)).toEqual({ kind: 'recorded' });
    expect(decideKnown({ ...event, delivery: 'd2' as DeliveryId }, published, NOW)).toEqual({
      kind: 'duplicate',
    });
  });

  test.each<readonly [string, Event, Row | undefined, number]>([
    ['there is none', event, undefined, NOW],
    ['it is only claimed', event, claimed, NOW],
    ['it is dead', event, dead, NOW],
    ['it is of other content', changed, published, NOW],
    ['it has expired, though it is not deleted yet', event, published, NOW + 1_000_500],
  ])('proves nothing when %s', (_title, of, row, now) => {
    expect(decideKnown(of, row, now)).toBeUndefined();
  });
});

describe('signed bytes', () => {
  const other: Event = { ...event, key: 'e2' as EventKey, id: 'e2' };
  const forged: Event = { ...other, fingerprint: 'f2' as Digest };
  const write = (of: Event, by: Claim): ReturnType<typeof claimWrite> => {
    const made = contentWrite(of, by);
    if (made === undefined) expect.fail('no write for an event with content');
    return made;
  };
  const bound = rowAfter(write(event, claim));

  test('belong to the first id they came under, also when it comes again', () => {
    expect(decideContent(event, apply(write(event, claim), undefined))).toEqual({ kind: 'first' });
    expect(decideContent(event, apply(write(event, later(1)), bound))).toEqual({ kind: 'first' });
  });

  test('under another id are a repeat of the first', () => {
    expect(decideContent(other, apply(write(other, later(1)), bound))).toEqual({ kind: 'repeat', of: 'e1' });
  });

  test('whose signature comes over another type, subject, time or content are forged', () => {
    expect(decideContent(forged, apply(write(forged, later(1)), bound))).toEqual({
      kind: 'forged',
      of: 'e1',
    });
  });

  test('are new again when their row has expired, deleted or not', () => {
    for (const one of [other, forged])
      expect(decideContent(one, apply(write(one, later(1_000_500)), bound))).toEqual({ kind: 'first' });
  });

  test('are bound nowhere when the provider signs its ids', () => {
    const { content: _content, ...signed } = event;
    expect(contentWrite(signed, claim)).toBeUndefined();
  });
});
