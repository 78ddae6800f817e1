#!/usr/bin/env node
// Runs the command line on the Node that the project pins, which runs TypeScript as it is: the one on the PATH may
// be older.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const FIRST_NODE_WITH_TYPE_STRIPPING = 24;
const main = new URL('../cli/main.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= FIRST_NODE_WITH_TYPE_STRIPPING) {
  await import(main.href);
} else {
  const node = createRequire(import.meta.url).resolve('node/bin/node');
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}
