import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

/** Reads that may be on their way when the file shrinks: the reader's whole budget in the smallest reads. */
const MOST_READS_UNDER_WAY = (32 * MIB) / 32_768;

describeFault('F10', 'a file truncated while it is read', (tell) => {
  test('the end before the planned byte is final at once: no loop, no retry, no upload', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', 64 * MIB);
      rig.server.faults.bytesPerSecond = 60 * MIB;
      rig.server.faults.midTransfer = [{ what: 'truncate', afterBytes: 8 * MIB, toBytes: 12 * MIB }];

      const { outcome, attempts } = await rig.transfer(rig.source(), {
        sftp_file_path: path,
        target_s3_key: 'big',
        chunk_size_bytes: 64 * MIB,
      });

      expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
      expect(outcome).toHaveProperty('cause', expect.stringContaining(`byte ${64 * MIB} was planned`));
      expect(attempts.map(({ step, outcome: ended }) => `${step} ${ended}`).slice(-3)).toEqual([
        'DownloadSegment failed',
        'AbortUpload succeeded',
        'ReleaseSessions succeeded',
      ]);
      expect(attempts.filter(({ step }) => step === 'DownloadSegment')).toHaveLength(1);
      const { reads } = rig.server.record;
      expect(reads).toBeLessThanOrEqual((12 * MIB) / 32_768 + MOST_READS_UNDER_WAY);
      expect(await rig.store.keys('big')).toEqual([]);
      tell(`SourceChangedError after ${reads} reads, upload aborted`);
    });
  });
});
