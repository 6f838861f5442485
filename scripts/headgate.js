#!/usr/bin/env node
// The command `headgate`. In a clone it runs bin/headgate.ts as it stands; in an installed package, where Node strips
// no types, dist/bin/headgate.js. Plain JavaScript, since the machine's own Node may be an old one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = (path) => new URL(path, import.meta.url);
const source = here('../bin/headgate.ts');
const entry = existsSync(source) ? source : here('../dist/bin/headgate.js');
const major = Number(process.versions.node.split('.')[0]);
const projectNode = fileURLToPath(here('../node_modules/node/bin/node'));

function runWithProjectNode() {
  const child = spawn(projectNode, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both of us; forwarded, the child would see it twice.
  const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  child.on('error', (error) => {
    console.error(`Headgate could not start ${projectNode}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (major >= 24) await import(entry);
else if (existsSync(projectNode)) runWithProjectNode();
else await import('./require-node.js');
