import { InfrastructureError } from '../errors.ts';
import type { ApiClient, ApiRequest, ApiResponse } from '../ports.ts';
import { type Signs, type Unknown, unknown } from './api-answer.ts';
import type { ReconciledSource } from './api-request.ts';

/** What stands in the way of a question, and what it says of the provider. */
export interface Obstacle {
  readonly kind: 'obstacle';
  readonly answer: Unknown;
  readonly signs: Signs;
}

/** One call; that no whole answer came is an answer, too. */
export async function askApi(
  api: ApiClient,
  source: ReconciledSource,
  request: ApiRequest,
): Promise<{ readonly kind: 'response'; readonly response: ApiResponse } | Obstacle> {
  try {
    const { baseUrl, network } = source.reconcile;
    const response = await api.send(request, { baseUrl, network });
    return { kind: 'response', response };
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    return error.nature === 'refused'
      ? obstacle(unknown('unusable', error.message), { health: 'untold' })
      : obstacle(unknown('unanswered', error.message), { health: 'down' });
  }
}

export function obstacle(answer: Unknown, signs: Signs): Obstacle {
  return { kind: 'obstacle', answer, signs };
}
