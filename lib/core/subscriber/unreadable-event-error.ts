/** A message that is no event of ours, or a damaged one: it will be the same on every try. Quotes nothing of the event's data. */
export class UnreadableEventError extends Error {
  readonly code = 'UNREADABLE_EVENT';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableEventError';
  }
}
