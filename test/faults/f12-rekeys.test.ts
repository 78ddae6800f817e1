import { join } from 'node:path';
import { sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';

describeFault(
  'F12',
  'RekeyLimit 16M, chunks of 64 MiB',
  (tell) => {
    test('nothing notices', async () => {
      const rig = await startTransferRig();
      const sshd = await startSshd(['RekeyLimit 16M', 'LogLevel DEBUG1']);
      try {
        const { sha256 } = await rig.put('big.bin', 128 * MIB);
        const { username, privateKey } = sshd;

        const { outcome, attempts } = await rig.transfer(
          sourceOf(sshd, { credentials: async () => ({ username, privateKey }) }),
          { sftp_file_path: join(rig.folder, 'big.bin'), target_s3_key: 'big', chunk_size_bytes: 64 * MIB },
        );

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 2 } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
        // Every login exchanges keys once.
        const keyExchanges = (await sshd.logged()).match(/SSH2_MSG_NEWKEYS received/g)?.length ?? 0;
        const rekeys =
          keyExchanges - attempts.filter(({ step }) => /Metadata|Chunk$|Complete/.test(step)).length;
        expect(rekeys).toBeGreaterThanOrEqual(4);
        tell(`${rekeys} rekeys in mid-chunk, no step failed, hash equal`);
      } finally {
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
