import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../support/network/free-port.ts';
import { startLandingStore } from '../support/s3/landing-store.ts';
import { PEERS } from './peers.ts';
import { compareRates, type Rates } from './rig/compare-rates.ts';
import { lacksOf, type Peer } from './rig/peer.ts';
import { makeSite } from './rig/site.ts';

/**
 * Prints the table of docs/compatibility.md, with rates that are measured now: `npm run compatibility`. Servers that
 * are not installed are left out, with the reason on stderr.
 */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const directory = mkdtempSync(join(tmpdir(), 'sftp-to-s3-table-'));
const store = await startLandingStore(directory);
process.stdout.write(
  '| server | version | lacks, or is worth knowing | ours, MiB/s | sftp, MiB/s |\n|--|--|--|--|--|\n',
);
for (const peer of PEERS) {
  if (peer.missing !== undefined) {
    process.stderr.write(`${peer.name}: left out, ${peer.missing}\n`);
    continue;
  }
  process.stdout.write(`${rowOf(peer, await measure(peer))}\n`);
}
await store.close();
rmSync(directory, { recursive: true, force: true });

async function measure(peer: Peer): Promise<Rates> {
  const site = makeSite();
  const port = await findFreePort();
  const server = await peer.start(site, port);
  try {
    return await compareRates(peer, site, port, store);
  } finally {
    await server.stop();
    site.remove();
  }
}

function rowOf(peer: Peer, { oursMibPerSecond, sftpMibPerSecond }: Rates): string {
  const rates = [oursMibPerSecond, sftpMibPerSecond].map((rate) => rate.toFixed(0));
  return `| ${[peer.name, peer.version(), lacksOf(peer), ...rates].join(' | ')} |`;
}
