import type { DeliveryHabits, EventShape, Provider } from '../core/provider.ts';
import { holesIn } from '../core/template.ts';

type Reading = Omit<EventShape, 'when' | 'resource'>;
type Rest = Pick<Provider, 'split' | 'volatile' | 'acknowledge' | 'delivery'>;

/**
 * What can be said of a sender that is not in the list; all of it may be left out.
 *
 * - `name` is the first part of the type of its events (`[a-z0-9-]+`), `title` is shown.
 * - `id`: where an event says which one it is: `{body:event_id}`, `{header:x-event-id}`. Default: the digest of the body, so that equal
 *   bodies are one event. Not the id of the resource that it is about: two events would have the same.
 * - `type`: where its type lies, or the type itself. Default: `{body:type}`, else `{body:event}`, else `event`.
 * - the others as in `Provider` and `EventShape`. Give `delivery` if you know the sender's habits: copies are known for as long as it retries.
 */
export interface SenderOptions extends Partial<Reading>, Partial<Rest> {
  readonly name?: string;
  readonly title?: string;
}

/** Nothing is known of the sender, so nothing is counted on. */
export const unknownHabits: DeliveryHabits = {
  timeoutMs: 5_000,
  retries: 'none',
  withoutRetries:
    'Whether the sender tries again is not known. If it does, say so in "delivery": copies are then known for as long as it retries.',
};

/**
 * The value of such a sender.
 * @param proof what its kind of proof says, in the place of a provider's own pages.
 */
export function sender(
  options: SenderOptions,
  proof: Pick<Provider, 'name' | 'title' | 'docs' | 'setup' | 'scheme'>,
): Provider {
  const { name, title, split, volatile, acknowledge, delivery = unknownHabits, ...reading } = options;
  const { id = '{digest}', type = ['{body:type}', '{body:event}', 'event'] } = reading;
  return {
    ...proof,
    ...(name === undefined ? {} : { name, title: title ?? name }),
    ...(split === undefined ? {} : { split }),
    events: [{ ...reading, id, type }],
    ...(isCovered(id, proof)
      ? { idCoverage: 'signed' }
      : // What lies outside the signed bytes, the type perhaps too, can be changed: a body is that of one event.
        { idCoverage: 'unsigned', signatureMark: '{digest}' }),
    ...(volatile === undefined ? {} : { volatile }),
    ...(acknowledge === undefined ? {} : { acknowledge }),
    delivery,
  };
}

/** Who has a token or a password can write any request; a signature covers the body, and nothing else that an id could lie in. */
function isCovered(id: EventShape['id'], { scheme }: Pick<Provider, 'scheme'>): boolean {
  return (
    scheme.kind !== 'signature' || [...holesIn(id)].every(({ from }) => from === 'body' || from === 'digest')
  );
}
