import type { SchemeStepCode } from '../step.ts';
import { atlassianToken } from './atlassian-token.ts';

/** Connect: signed with the secret of the install, for one method, path and query. */
export const step: SchemeStepCode = atlassianToken({ prefix: 'JWT', requestHash: 'needed', times: 'both' });
