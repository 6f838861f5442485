import type { SchemeStepCode } from '../step.ts';
import { hubspotHash } from './hubspot-hash.ts';

/** Older subscriptions of events: the secret and the body. */
export const step: SchemeStepCode = hubspotHash('v1', () => '');
