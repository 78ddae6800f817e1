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
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SFTP_TO_S3_LAUNCHER: String(process.pid) },
  });
  // The command line ends in order; whoever started this process waits for it. It takes the same signal twice for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGHUP' ? 129 : 143);
  });
}
