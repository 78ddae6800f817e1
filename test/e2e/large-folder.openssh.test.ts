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
const MAX_LISTING_BYTES = 256 * MIB;
/** Of resident memory, what was not collected yet included; the function has 3,008 MB. */
const MAX_PLANNING_BYTES = 512 * MIB;
const MAX_STATE_BYTES = 64 * 1024;
interface Measured {
  listing: { names: number; peakBytes: number };
  state: FolderListing;
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
    for (let n = 0; n < NAMES; n += 1) writeFileSync(path.join(home, 'full', `export_20261125_${n}.csv`), '');
  });
  afterAll(() => sshd?.stop());

  test('is listed, decided and planned in little memory, and its state has counts and keys only', async () => {
    const { host, port, hostKeyFingerprint, username, privateKey } = sshd;
    const paths = ['empty', 'full'].map((folder) => path.join(home, folder));
    const job = { host, port, hostKeyFingerprint, username, privateKey, paths };

    const { stdout } = await promisify(execFile)(NODE, [CHILD, JSON.stringify(job)], { maxBuffer: MIB });
    const [idle, full] = JSON.parse(stdout) as Measured[];
    if (idle === undefined || full === undefined) throw new Error('not listed');

    const aboveIdle = [full.listing, full].map(({ peakBytes }) => peakBytes - idle.listing.peakBytes);
    const [listing = 0, all = 0] = aboveIdle;
    process.stderr.write(
      `100,000 names, above ${toMib(idle.listing.peakBytes)} idle: ${toMib(listing)} listed, ${toMib(all)} decided and planned\n`,
    );
    expect(idle.listing.names).toBe(0);
    expect(full.listing.names).toBe(NAMES);
    expect(listing).toBeLessThanOrEqual(MAX_LISTING_BYTES);
    expect(all).toBeLessThanOrEqual(MAX_PLANNING_BYTES);
    expect(full.state).toMatchObject({ listed: NAMES, planned: NAMES, batches: NAMES / 200 });
    expect(Buffer.byteLength(JSON.stringify(full.state))).toBeLessThanOrEqual(MAX_STATE_BYTES);
  });
});
