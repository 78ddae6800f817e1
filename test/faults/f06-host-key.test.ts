import { fingerprintOf, generateKeyPair } from '../../local/sftp-server/host-key.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const otherKey = generateKeyPair().private;
const otherFingerprint = fingerprintOf(otherKey);

describeFault('F06', 'another host key, from the start and in mid-execution', (tell) => {
  test('from the start: no user name and no credential byte reaches the server', async () => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('file.bin', 1);

        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'HostKeyMismatchError' });
        expect(outcome).toHaveProperty('cause', expect.stringContaining(otherFingerprint));
        expect(outcome).toHaveProperty('cause', expect.stringContaining(rig.server.hostKeyFingerprint));
        expect(rig.server.record.connections).toBe(1);
        const bytes = rig.server.record.attempts.reduce((sum, attempt) => sum + attempt.credentialBytes, 0);
        expect(rig.server.record.attempts).toEqual([]);
        tell(`HostKeyMismatchError with both fingerprints, ${bytes} credential bytes`);
      },
      { faults: { hostKeyFor: () => otherKey } },
    );
  });

  test('in mid-execution: only the canary has logged in', async () => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('big.bin', 22 * MIB);

        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'big' });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'HostKeyMismatchError' });
        expect(rig.server.record.connections).toBeGreaterThan(1);
        expect(countedAttempts(rig.server.record).map(({ connectionNumber }) => connectionNumber)).toEqual([
          1,
        ]);
        expect(await rig.store.keys('big')).toEqual([]);
        tell('changed after the canary: 1 login, upload aborted');
      },
      { faults: { hostKeyFor: (connection) => (connection > 1 ? otherKey : undefined) } },
    );
  });

  test('a rotation with overlap: both keys are pinned, the transfer lands', async () => {
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 22 * MIB);
        const server = rig.source({ hostKeyFingerprints: [rig.server.hostKeyFingerprint, otherFingerprint] });

        const { outcome } = await rig.transfer(server, { sftp_file_path: path, target_s3_key: 'big' });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        tell('both pinned: landed, hash equal');
      },
      { faults: { hostKeyFor: (connection) => (connection > 1 ? otherKey : undefined) } },
    );
  });
});
