import { InfrastructureError } from '../core/errors.ts';
import type { Confirmations } from '../core/ports.ts';

type Get = (url: string) => Promise<string>;

/**
 * Confirmations by a plain GET. The client is loaded at the first use.
 * @example httpsConfirmations()
 */
export function httpsConfirmations(load: () => Promise<Get> = loadGet): Confirmations {
  return {
    async confirm(url) {
      const get = await load();
      await get(url).catch((cause: Error) => {
        throw new InfrastructureError(`confirmation:${new URL(url).host}`, 'unavailable', {
          cause,
          explanation: cause.message,
        });
      });
    },
  };
}

async function loadGet(): Promise<Get> {
  return (await import('./https-text.ts')).httpsText;
}
