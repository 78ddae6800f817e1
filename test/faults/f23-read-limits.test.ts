import { sendStatus } from '../support/sftp/raw-answers.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const KIB = 1_024;

describeFault('F23', 'large reads refused, although no limit was announced', (tell) => {
  test.each([
    ['FAILURE above 16 KiB', 4, 16 * KIB],
    ['BAD_MESSAGE above 8 KiB', 5, 8 * KIB],
    ['INVALID_PARAMETER above 5,000 bytes', 23, 5_000],
  ])('%s: asked for less, and remembered', async (what, code, limitBytes) => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('big.bin', 12 * MIB);
      const refusedOn = new Set<object>();
      let refused = 0;
      rig.server.faults.answer = (sftp, { kind, id, parameters }) => {
        if (kind !== 'READ' || Number(parameters[2]) <= limitBytes) return false;
        refused += 1;
        refusedOn.add(sftp);
        sendStatus(sftp, id, code);
        return true;
      };

      const { outcome, attempts } = await rig.transfer(rig.source(), {
        sftp_file_path: path,
        target_s3_key: 'big',
        max_concurrency: 1,
      });

      expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
      expect(await rig.store.hashOf('big')).toBe(sha256);
      expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toEqual([]);
      expect(refused).toBeGreaterThan(0);
      // Of three connections the worker's alone has asked for too much.
      expect(refusedOn.size).toBe(1);
      tell(`${what}: ${refused} reads refused on one connection, hash equal`);
    });
  });

  test('every read refused: named, and no login for each size', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', MIB);
      rig.server.faults.answer = (sftp, { kind, id }) => {
        if (kind === 'READ') sendStatus(sftp, id, 8);
        return kind === 'READ';
      };

      const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'big' });

      expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpRequestRefusedError' });
      expect(rig.server.record.connections).toBeLessThanOrEqual(2);
      tell(`every read refused: SftpRequestRefusedError, ${rig.server.record.connections} logins`);
    });
  });
});
