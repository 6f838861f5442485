/**
 * A class of errors is told by its code: each file of a bundled function has a copy of the classes that it needs, and an error of one
 * file is caught in another.
 */
function hasCode(value: unknown, code: string): boolean {
  return value instanceof Error && 'code' in value && value.code === code;
}

/** Another side (AWS) failed or did not confirm. Its work may or may not have been done. */
export class InfrastructureError extends Error {
  static override [Symbol.hasInstance](value: unknown): value is InfrastructureError {
    return hasCode(value, 'INFRASTRUCTURE');
  }

  readonly code = 'INFRASTRUCTURE';
  /** The port and call that failed: `sqs:SendMessage`. */
  readonly call: string;
  /** `throttled` and `unavailable` pass; `refused` stays until somebody changes something. */
  readonly nature: 'throttled' | 'unavailable' | 'refused';

  constructor(
    call: string,
    nature: 'throttled' | 'unavailable' | 'refused',
    options: ErrorOptions & { readonly explanation: string },
  ) {
    super(`${call} ${nature}: ${options.explanation}`, options);
    this.name = 'InfrastructureError';
    this.call = call;
    this.nature = nature;
  }
}

/** Something that the user wrote is wrong: what, where, and what is allowed. */
export class ConfigurationError extends Error {
  static override [Symbol.hasInstance](value: unknown): value is ConfigurationError {
    return hasCode(value, 'CONFIGURATION');
  }

  readonly code = 'CONFIGURATION';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigurationError';
  }
}
