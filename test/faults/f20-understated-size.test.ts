import { checkServer } from '../../doctor/check-server.ts';
import { Ssh2ServerProbe } from '../../doctor/probe/server-probe.ts';
import { systemClock } from '../../transfer/clock.ts';
import { never, sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

describeFault('F20', 'a server that understates the size of a file', (tell) => {
  test.each([
    ['0 bytes', 0],
    ['5 MiB, one chunk', 5 * MIB],
    ['11 MiB, in the last chunk', 11 * MIB],
    ['one byte less', 12 * MIB - 1],
  ])('12 MiB, reported as %s: a named error, and nothing lands', async (_case, reportedBytes) => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', 12 * MIB);
      rig.server.faults.sizeOf = () => reportedBytes;

      const { outcome, attempts } = await rig.transfer(rig.source(), {
        sftp_file_path: path,
        target_s3_key: 'big',
        chunk_size_bytes: 5 * MIB,
      });

      expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
      expect(outcome).toHaveProperty('cause', expect.stringContaining(`goes on after byte ${reportedBytes}`));
      expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toHaveLength(1);
      expect(await rig.store.keys('big')).toEqual([]);
      tell(`reported as ${reportedBytes}: SourceChangedError, once`);
    });
  });

  test('an empty file is empty', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('empty.bin', 0);
      const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'empty' });
      expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { size_bytes: 0 } });
    });
  });
});

describeFault(
  'F20',
  '/proc/version of a plain sshd, which reports 0 bytes',
  (tell) => {
    test('neither a transfer nor a check takes it for empty', async () => {
      const rig = await startTransferRig();
      const sshd = await startSshd();
      try {
        const { username, privateKey } = sshd;
        const credentials = async () => ({ username, privateKey });
        const request = { sftp_file_path: '/proc/version', target_s3_key: 'version' };
        const { outcome } = await rig.transfer(sourceOf(sshd, { credentials }), request);
        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
        expect(await rig.store.keys('version')).toEqual([]);
        expect(await rig.store.openUploads()).toEqual([]);

        const probe = new Ssh2ServerProbe({
          host: sshd.host,
          port: sshd.port,
          hostKeyFingerprints: [sshd.hostKeyFingerprint],
          credentials,
        });
        const report = await checkServer(
          { path: '/proc/version' },
          { probe, clock: systemClock },
          { egressAddresses: [], allowedCidrs: [] },
          never,
        );
        expect(report).toMatchObject({
          status: 'FAILED',
          failure: { error: 'SourceChangedError', fault: 'partner' },
        });
        tell('SourceChangedError, from the transfer and from the check');
      } finally {
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
