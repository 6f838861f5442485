import {
  type Claim,
  claimWrite,
  contentWrite,
  deadWrite,
  decideClaim,
  decideContent,
  decideKnown,
  LEASE_MARGIN_MS,
  recordWrite,
  releaseWrite,
} from '../../../lib/core/claim.ts';
import { firstOrder, nextOrder } from '../../../lib/core/order.ts';
import type { EpochMs } from '../../../lib/core/request.ts';

/** Every decision that a worker takes. `real` holds the core's own functions; a planted bug replaces one of them. */
export interface Protocol {
  readonly claimWrite: typeof claimWrite;
  readonly decideClaim: typeof decideClaim;
  readonly decideKnown: typeof decideKnown;
  readonly contentWrite: typeof contentWrite;
  readonly decideContent: typeof decideContent;
  readonly firstOrder: typeof firstOrder;
  readonly nextOrder: typeof nextOrder;
  readonly recordWrite: typeof recordWrite;
  readonly releaseWrite: typeof releaseWrite;
  readonly deadWrite: typeof deadWrite;
  readonly leaseUntil: (deadline: EpochMs) => Claim['leaseUntil'];
}

export const real: Protocol = {
  claimWrite,
  decideClaim,
  decideKnown,
  contentWrite,
  decideContent,
  firstOrder,
  nextOrder,
  recordWrite,
  releaseWrite,
  deadWrite,
  leaseUntil: (deadline) => deadline + LEASE_MARGIN_MS,
};
