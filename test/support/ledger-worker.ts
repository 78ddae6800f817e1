import { openSqliteLedger } from '../../ledger/sqlite/sqlite-ledger.ts';

/**
 * A process of its own: claims and commits `<prefix>0`, `<prefix>1`, ... of the ledger in `file`, and prints each path
 * when its commit has returned. `node ledger-worker.ts <file> <owner> <prefix> <count>`
 */
const [file = '', owner = '', prefix = '', count = '0'] = process.argv.slice(2);
const ledger = await openSqliteLedger({ file, collection: 'daily', nowMs: () => Date.now() });
for (let index = 0; index < Number(count); index += 1) {
  const path = `${prefix}${index}`;
  const identity = { sizeBytes: 10, modifiedAtSeconds: 1_700_000_000 };
  const claimed = await ledger.claim({ path, ...identity, owner, leaseMs: 60_000, maxFailures: 3 });
  if (!claimed.claimed) continue;
  const object = { bucket: 'landing', key: path, etag: '"e"' };
  const generation = claimed.entry.attempt?.generation ?? 0;
  const committed = await ledger.commit({ path, owner, generation, object, afterProof: 'none' });
  if (committed.done) process.stdout.write(`${path}\n`);
}
await ledger.close();
