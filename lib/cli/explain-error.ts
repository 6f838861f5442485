/** Codes of errors that are made for a user's eyes. By code, so that no command loads what it does not need. */
const EXPLAINED = new Set<unknown>([
  'USAGE',
  'CONFIGURATION',
  'DATA_FOLDER',
  'OUTBOX_FILE',
  'PORT_IN_USE',
  'SECRETS_FILE',
]);

/**
 * What a user reads of an error: what is wrong and what to do next. Of anything that no user can mend, the stack.
 * @example explainError(new PortInUseError(8787, { cause })) // 'Port 8787 on 127.0.0.1 is in use. Stop …'
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return `Something unexpected was thrown: ${String(error)}`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (EXPLAINED.has(code)) return error.message;
  if (syscall === 'listen') return `Cannot listen there (${code}). Choose another port with --port.`;
  return `This is a bug of Headgate. Please report it with these lines:\n${error.stack ?? error.message}`;
}
