#!/usr/bin/env node
// The command `headgate`. In a clone it runs bin/headgate.ts as it stands; in an installed package, where Node strips
// no types, dist/bin/headgate.js. Plain JavaScript, since the machine's own Node may be an old one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = (path) => new URL(path, import.meta.url);
const source = here('../bin/headgate.ts');
const inClone = existsSync(source);
const entry = inClone ? source : here('../dist/bin/headgate.js');
const projectNode = fileURLToPath(here('../node_modules/node/bin/node'));

function runWithProjectNode() {
  const child = spawn(projectNode, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to both of us; forwarded, the child would see it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => {
    console.error(`headgate could not start ${projectNode}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (Number(process.versions.node.split('.')[0]) >= 24) await import(entry);
else if (inClone && existsSync(projectNode)) runWithProjectNode();
else {
  const remedy = inClone
    ? 'run "npm ci" without --ignore-scripts, which installs Node 24 into node_modules'
    : 'install Node 24 or newer (https://nodejs.org)';
  console.error(`headgate needs Node 24 and this is Node ${process.versions.node}: ${remedy}.`);
  process.exitCode = 1;
}
