import { startEmbeddedCloud } from '../../lib/local/embedded-cloud.ts';
import { memorySecretStore } from '../../lib/local/secret-store.ts';

/** A cloud in a process of its own, to be killed: keeps its state in the folder and prints its endpoint. */
const [, , dataDir = ''] = process.argv;
const cloud = await startEmbeddedCloud({ dataDir, secrets: memorySecretStore({}, Date.now) });
process.stdout.write(`${cloud.endpoint}\n`);
