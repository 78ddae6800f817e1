import { appendFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferObserver } from '../../local/local-transfer.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const SIZE_BYTES = 12 * MIB;

describeFault('F11', 'a file replaced or still growing', (tell) => {
  const grow = (file: string) => appendFileSync(file, 'more');
  /** By another of the same size, written later. */
  const replace = (file: string) => {
    writeFileSync(`${file}.new`, Buffer.alloc(SIZE_BYTES));
    utimesSync(`${file}.new`, 1_900_000_000, 1_900_000_000);
    renameSync(`${file}.new`, file);
  };

  test.each<[string, string, (change: () => void) => TransferObserver, (file: string) => void, string]>([
    ['grown', 'after the plan', (change) => ({ chunksPlanned: change }), grow, 'DownloadSegment'],
    ['replaced', 'after the plan', (change) => ({ chunksPlanned: change }), replace, 'DownloadSegment'],
    [
      'grown',
      'between two chunks',
      (change) => ({ chunkLanded: (n) => n === 1 && change() }),
      grow,
      'DownloadSegment',
    ],
    [
      'replaced',
      'between two chunks',
      (change) => ({ chunkLanded: (n) => n === 1 && change() }),
      replace,
      'DownloadSegment',
    ],
    [
      'grown',
      'before completion',
      (change) => ({ chunkLanded: (n) => n === 3 && change() }),
      grow,
      'CompleteUpload',
    ],
    [
      'replaced',
      'before completion',
      (change) => ({ chunkLanded: (n) => n === 3 && change() }),
      replace,
      'CompleteUpload',
    ],
  ])('%s %s', async (what, when, observe, change, failingStep) => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', SIZE_BYTES);
      // A chunk takes half a second, so S3 has confirmed the first one long before the third one begins.
      rig.server.faults.bytesPerSecond = 10 * MIB;
      const observer = observe(() => change(join(rig.folder, 'big.bin')));

      const { outcome, attempts } = await rig.transfer(
        rig.source(),
        { sftp_file_path: path, target_s3_key: 'big', max_concurrency: 1 },
        { observer },
      );

      expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
      expect(attempts.filter((attempt) => attempt.outcome === 'failed').map(({ step }) => step)).toEqual([
        failingStep,
      ]);
      expect(await rig.store.keys('big')).toEqual([]);
      tell(`${what} ${when}: SourceChangedError in ${failingStep}`);
    });
  });
});
