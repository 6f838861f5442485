import { recordWrite } from './claim.ts';
import type { ConditionalWrite } from './conditional-write.ts';
import { InfrastructureError } from './errors.ts';
import { giveBack, type Ordered } from './held.ts';
import { deferral, type Invocation, type Outcome } from './invocation.ts';
import type { PublishAnswer } from './ports.ts';
import { reportEvent } from './report-event.ts';

/** After so many failed publications (some eight hours of growing waits) an event is dead. */
const PUBLISH_ATTEMPTS = 50;

/** What the topic's answer makes of an event. */
export async function settle(
  ordered: Ordered,
  answer: PublishAnswer,
  invocation: Invocation,
): Promise<Outcome> {
  const { event, claim, standing, repeatOf } = ordered;
  switch (answer.kind) {
    case 'published':
      try {
        await writeTwice(recordWrite(event, claim, standing), invocation);
        const outcome = {
          kind: 'published',
          standing,
          ...(repeatOf === undefined ? {} : { repeatOf }),
        } as const;
        reportEvent(event, outcome, invocation);
        return outcome;
      } catch (error) {
        return deferral(error);
      }
    case 'unknown':
      return await retryLater(ordered, answer.cause, invocation);
    case 'refused':
      return { kind: 'dead', reason: 'publish-refused', explanation: answer.cause, claim };
  }
}

/** An event that is out but not recorded costs a copy of it, so its record gets a second chance. */
async function writeTwice(write: ConditionalWrite, { ledger }: Invocation): Promise<void> {
  try {
    await ledger.write(write);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    await ledger.write(write);
  }
}

async function retryLater(ordered: Ordered, cause: string, invocation: Invocation): Promise<Outcome> {
  const failed = ordered.failedPublications + 1;
  if (failed >= PUBLISH_ATTEMPTS) {
    return {
      kind: 'dead',
      reason: 'attempts-exhausted',
      explanation: `publishing failed ${failed} times; last: ${cause}`,
      claim: ordered.claim,
    };
  }
  return giveBack(ordered, { kind: 'deferred', on: 'aws', cause, failed }, invocation, 'publication-failed');
}
