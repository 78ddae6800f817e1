import { join } from 'node:path';
import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import { refuseEveryone } from '../support/sftp/faulty-login.ts';
import { PASSWORD, sourceOf, USERNAME } from '../support/sftp/partner.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';
import { isSshdAtLeast, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { type PartnerRig, withPartner } from './support/partner-rig.ts';

const WRONG = { username: USERNAME, password: 'wrong' };

/** Makes the server ban everybody after the second failed login, as fail2ban would. */
function banAfterTwoFailures({ server }: PartnerRig): { failures: number } {
  const seen = { failures: 0 };
  server.faults.login = (attempt, connection) => {
    if (attempt.method === 'password' && attempt.password === connection.policy.password)
      return attempt.accept();
    if (attempt.method !== 'none') seen.failures += 1;
    refuseEveryone(attempt, connection);
  };
  server.faults.loseBeforeHandshake = () => seen.failures >= 2;
  return seen;
}

describeFault(
  'F03',
  'a ban after 2 failed logins',
  (tell) => {
    test('a wrong password is one failed login over the whole workflow, and nobody is banned', async () => {
      await withPartner(async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 12 * MIB);
        const seen = banAfterTwoFailures(rig);

        const refused = await rig.transfer(rig.source({ credentials: async () => WRONG }), {
          sftp_file_path: path,
        });

        expect(refused.outcome).toMatchObject({ status: 'FAILED', error: 'SftpAuthenticationError' });
        expect(refused.attempts.map(({ step }) => step)).toEqual([
          'ReserveSessions',
          'GetFileMetadata',
          'ReleaseSessions',
        ]);
        expect(countedAttempts(rig.server.record)).toHaveLength(1);
        expect(seen.failures).toBe(1);

        const neighbour = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'big' });
        expect(neighbour.outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        tell('wrong password: 1 login attempt, SftpAuthenticationError, the next job lands');
      });
    });

    test('a rotation that the partner has not followed costs one, and the previous version works', async () => {
      await withPartner(async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 22 * MIB);
        const seen = banAfterTwoFailures(rig);
        const versions = {
          'version-1': { username: USERNAME, password: PASSWORD, secretVersionId: 'version-1' },
          'version-2': { ...WRONG, secretVersionId: 'version-2' },
        };
        const source = rig.source({
          credentials: async (id = 'version-2') => versions[id as keyof typeof versions],
          previousCredentials: async () => versions['version-1'],
        });

        const { outcome, written } = await rig.transfer(source, {
          sftp_file_path: path,
          target_s3_key: 'big',
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 5 } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(seen.failures).toBe(1);
        expect(written.join('\n')).toContain('took the one before the last rotation');
        tell('rotated too early: 1 failed login, then the previous version, landed');
      });
    });

    test('a password that is changed in mid-execution fails each running chunk once, and no step again', async () => {
      await withPartner(async (rig) => {
        const { path } = await rig.put('big.bin', 60 * MIB);
        rig.server.faults.login = (attempt, connection) =>
          rig.server.record.connections === 1 ? attempt.accept() : refuseEveryone(attempt, connection);

        const { outcome, attempts } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          max_concurrency: 3,
        });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpAuthenticationError' });
        const refused = countedAttempts(rig.server.record).length;
        expect(refused).toBeGreaterThan(0);
        expect(refused).toBeLessThanOrEqual(3);
        const failed = attempts
          .filter(({ outcome }) => outcome === 'failed')
          .map(({ segmentNumber }) => segmentNumber);
        expect(new Set(failed).size).toBe(failed.length);
        tell(`changed in mid-execution: ${refused} of at most 3 logins refused`);
      });
    });

    test('OpenSSH, with its penalties where it has them, counts one failure too', async () => {
      const hasPenalties = isSshdAtLeast(9, 8);
      const rig = await startTransferRig();
      const sshd = await startSshd(
        hasPenalties
          ? ['PerSourcePenalties authfail:60s noauth:60s min:60s', 'PerSourcePenaltyExemptList none']
          : [],
      );
      try {
        await rig.put('big.bin', MIB);
        const wrongKey = generateKeyPair().private;
        const login = { credentials: async () => ({ username: sshd.username, privateKey: wrongKey }) };

        const { outcome } = await rig.transfer(sourceOf(sshd, login), {
          sftp_file_path: join(rig.folder, 'big.bin'),
        });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpAuthenticationError' });
        const log = await sshd.logged();
        expect(log.match(/Failed publickey for/g)).toHaveLength(1);
        expect(log).not.toMatch(/penalty: /);
        tell(
          `wrong key at sshd ${hasPenalties ? 'with' : 'without'} PerSourcePenalties: 1 failure in its log`,
        );
      } finally {
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
