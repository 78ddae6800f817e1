import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FolderListing } from '../../lambdas/list-folder/event.ts';
import { MIB } from '../../transfer/text/units.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const NAMES = 100_000;
const PREFIX = 'export_20261125_';
const MAX_LISTING_BYTES = 256 * MIB;
/** Of resident memory, what was not collected yet included. */
const MAX_PLANNING_BYTES = 512 * MIB;
/** Without that: what a run holds at its fullest, while it writes its plan. */
const MAX_KEPT_BYTES = 128 * MIB;
const MAX_STATE_BYTES = 64 * 1024;
interface Measured {
  listing: { names: number; peakBytes: number };
  state: FolderListing;
  keptBytes: number;
  peakBytes: number;
}

const toMib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;
const NODE = createRequire(__filename).resolve('node/bin/node');
const CHILD = path.join(__dirname, '../support/pull/listing-child.ts');

jest.setTimeout(300_000);

describeUnless(sshdMissing, 'one folder of 100,000 names', () => {
  const home = temporaryDirectory();
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
    for (const folder of ['empty', 'full']) mkdirSync(path.join(home, folder));
    for (let n = 0; n < NAMES; n += 1) writeFileSync(path.join(home, 'full', `${PREFIX}${n}.csv`), '');
  });
  afterAll(() => sshd?.stop());

  test('is listed, decided and planned in little memory, and its state has counts and keys only', async () => {
    const { host, port, hostKeyFingerprint, username, privateKey } = sshd;
    const folders = [
      { path: 'empty', names: 0 },
      { path: 'full', names: 0 },
      { path: 'full', names: NAMES },
    ].map(({ path: folder, names }) => ({
      path: path.join(home, folder),
      landed: { names, prefix: PREFIX },
    }));
    const job = { host, port, hostKeyFingerprint, username, privateKey, folders };

    const args = ['--expose-gc', CHILD, JSON.stringify(job)];
    const { stdout } = await promisify(execFile)(NODE, args, { maxBuffer: MIB });
    const [idle, full, again] = JSON.parse(stdout) as Measured[];
    if (idle === undefined || full === undefined || again === undefined) throw new Error('not listed');

    const listing = full.listing.peakBytes - idle.listing.peakBytes;
    const planning = Math.max(full.peakBytes, again.peakBytes) - idle.listing.peakBytes;
    const kept = [full, again].map(({ keptBytes }) => keptBytes - idle.keptBytes);
    process.stderr.write(
      `100,000 names, above ${toMib(idle.listing.peakBytes)} idle: ${toMib(listing)} listed, ${toMib(planning)} decided and planned; kept: ${kept.map(toMib).join(' new, ')} with a ledger of them\n`,
    );
    expect(idle.listing.names).toBe(0);
    expect(full.listing.names).toBe(NAMES);
    expect(listing).toBeLessThanOrEqual(MAX_LISTING_BYTES);
    expect(planning).toBeLessThanOrEqual(MAX_PLANNING_BYTES);
    expect(Math.max(...kept)).toBeLessThanOrEqual(MAX_KEPT_BYTES);
    for (const { state } of [full, again]) {
      expect(state).toMatchObject({ listed: NAMES, planned: NAMES, batches: NAMES / 200 });
      expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThanOrEqual(MAX_STATE_BYTES);
    }
  });
});
