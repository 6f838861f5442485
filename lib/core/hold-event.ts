import {
  type Claim,
  type ContentDecision,
  claimWrite,
  contentWrite,
  decideClaim,
  decideContent,
  LEASE_MARGIN_MS,
} from './claim.ts';
import type { Event } from './event.ts';
import { giveBack, type Held, type Step } from './held.ts';
import { deferral, type Invocation, type Outcome } from './invocation.ts';
import type { Source } from './source.ts';
import { hasTimeFor } from './time-limits.ts';

/** Claims an event, and binds its content to it. */
export async function holdEvent(event: Event, invocation: Invocation): Promise<Step<Held>> {
  if (!hasTimeFor('claim', invocation)) return { kind: 'late' };
  const claim: Claim = {
    token: invocation.token(),
    leaseUntil: invocation.deadline + LEASE_MARGIN_MS,
    now: invocation.now(),
    retentionSeconds: invocation.retentionSeconds,
  };
  try {
    const decision = decideClaim(event, claim, await invocation.ledger.write(claimWrite(event, claim)));
    switch (decision.kind) {
      case 'recorded':
      case 'duplicate':
      case 'busy':
        return { kind: 'end', event, outcome: decision };
      case 'collision':
        return { kind: 'end', event, outcome: collision() };
      case 'claimed': {
        const { kind: _, ...memory } = decision;
        return await bindContent({ event, claim, ...memory }, invocation);
      }
    }
  } catch (error) {
    return { kind: 'end', event, outcome: deferral(error) };
  }
}

async function bindContent(held: Held, invocation: Invocation): Promise<Step<Held>> {
  const { event, claim } = held;
  const write = contentWrite(event, claim);
  if (write === undefined) return { kind: 'go', with: held };
  try {
    const content = decideContent(event, await invocation.ledger.write(write));
    if (content.kind === 'first') return { kind: 'go', with: held };
    const refusal = refuseContent(content, invocation.sources.get(event.source)?.source);
    if (refusal === undefined) return { kind: 'go', with: { ...held, repeatOf: content.of } };
    return {
      kind: 'end',
      event,
      outcome: { kind: 'dead', reason: 'repeated-content', explanation: refusal, claim },
    };
  } catch (error) {
    return { kind: 'end', event, outcome: await giveBack(held, deferral(error), invocation) };
  }
}

function refuseContent(
  { kind, of }: Exclude<ContentDecision, { kind: 'first' }>,
  source: Source | undefined,
): string | undefined {
  if (kind === 'forged')
    return `forged: its signature, or its signed bytes, came before as another event, under the id ${of}`;
  return source?.repeatedContent === 'refuse'
    ? `the same signed bytes came before under the id ${of}, and the source refuses repeated content`
    : undefined;
}

export function collision(): Outcome {
  return {
    kind: 'dead',
    reason: 'collision',
    explanation: 'an event with the same key but another type, subject, time or content is already known',
  };
}
