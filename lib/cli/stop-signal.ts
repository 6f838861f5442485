/** Within this, a second signal is the first one by another way: npm passes on what the terminal has sent already. In ms. */
const ECHO_MS = 1_000;

/**
 * Resolves when somebody wants the process to end: Ctrl-C, SIGTERM, or the terminal is closed. Whoever asks again ends it at once.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let since: number | undefined;
    const stop = (): void => {
      since ??= performance.now();
      if (performance.now() - since > ECHO_MS) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}
