import type { SchemeStepCode } from '../step.ts';
import { hubspotHash } from './hubspot-hash.ts';

/** Workflows and cards: the secret, the method, the URL, the body. */
export const step: SchemeStepCode = hubspotHash('v2', ({ request, url }) => request.method + url);
