import type { SchemeStepCode } from '../step.ts';
import { atlassianToken } from './atlassian-token.ts';

/** Webhooks that an OAuth 2.0 app registered: signed with its client secret, for any request. */
export const step: SchemeStepCode = atlassianToken({
  prefix: 'Bearer',
  requestHash: 'ignored',
  times: 'one',
});
