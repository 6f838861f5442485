import crypto, { type BinaryLike, type Hash, type Hmac, type Verify } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** One call of node:crypto that does the work of a check, to be made again. */
export interface CryptoCall {
  /** `HMAC-sha256`, `sha256`, `verify-sha256`, `ed25519`. */
  readonly name: string;
  readonly again: () => unknown;
}

/**
 * The MACs, hashes and signature checks that some work asks node:crypto for: the least that it could cost. Keys are at hand when they
 * are made again, whatever it took to read them.
 */
export async function cryptoCalls(work: () => Promise<unknown>): Promise<readonly CryptoCall[]> {
  const calls: CryptoCall[] = [];
  const { createHmac, createHash, createVerify, hash, verify } = crypto;
  Object.assign(crypto, {
    createHmac: (...args: Parameters<typeof createHmac>) =>
      recorded(createHmac(...args), () => createHmac(...args), `HMAC-${args[0]}`, calls),
    createHash: (...args: Parameters<typeof createHash>) =>
      recorded(createHash(...args), () => createHash(...args), args[0], calls),
    createVerify: (...args: Parameters<typeof createVerify>) =>
      recordedVerify(createVerify(...args), () => createVerify(...args), `verify-${args[0]}`, calls),
    hash: (...args: Parameters<typeof hash>) => {
      calls.push({ name: args[0], again: () => hash(...args) });
      return hash(...args);
    },
    verify: (...args: Parameters<typeof verify>) => {
      calls.push({ name: args[0] ?? 'ed25519', again: () => verify(...args) });
      return verify(...args);
    },
  });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(crypto, { createHmac, createHash, createVerify, hash, verify });
    syncBuiltinESMExports();
  }
  return calls;
}

/** The same MAC or hash, whose digest is noted with all that went into it. */
function recorded<T extends Hash | Hmac>(made: T, make: () => T, name: string, calls: CryptoCall[]): T {
  const parts: BinaryLike[] = [];
  const update = made.update.bind(made) as (part: BinaryLike) => unknown;
  const digest = made.digest.bind(made) as () => Buffer;
  return Object.assign(made, {
    update: (part: BinaryLike) => {
      parts.push(part);
      update(part);
      return made;
    },
    digest: () => {
      calls.push({ name, again: () => fed(make(), parts).digest() });
      return digest();
    },
  });
}

function recordedVerify(made: Verify, make: () => Verify, name: string, calls: CryptoCall[]): Verify {
  const parts: BinaryLike[] = [];
  const update = made.update.bind(made) as (part: BinaryLike) => unknown;
  const check = made.verify.bind(made);
  return Object.assign(made, {
    update: (part: BinaryLike) => {
      parts.push(part);
      update(part);
      return made;
    },
    verify: (...args: Parameters<Verify['verify']>) => {
      calls.push({ name, again: () => fed(make(), parts).verify(...args) });
      return check(...args);
    },
  });
}

function fed<T extends Hash | Hmac | Verify>(made: T, parts: readonly BinaryLike[]): T {
  for (const part of parts) made.update(part);
  return made;
}
