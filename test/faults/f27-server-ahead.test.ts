import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePrivateKey } from '../../sftp/connect/private-key/parse-private-key.ts';
import { connectError, sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';

describeFault(
  'F27',
  'an OpenSSH that is ahead of us',
  (tell) => {
    test('post-quantum key exchange only: our limit is named, and no upgrade is asked for', async () => {
      const sshd = await startSshd(['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
      try {
        const { username, privateKey } = sshd;
        const error = await connectError(
          sourceOf(sshd, { credentials: async () => ({ username, privateKey }) }),
        );
        expect(error).toMatchObject({ name: 'InvalidTransferRequestError', retryable: false });
        expect(error.message).toContain(
          'This product does not support sntrup761x25519-sha512@openssh.com yet',
        );
        expect(error.message).not.toMatch(/upgrade/i);
        tell('post-quantum only: InvalidTransferRequestError, "does not support ... yet"');
      } finally {
        await sshd.stop();
      }
    });

    test('rsa-sha2-512 only: an RSA key logs in', async () => {
      const rig = await startTransferRig();
      const privateKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      });
      const key = parsePrivateKey(String(privateKey), undefined);
      const authorizedKeys = join(rig.folder, 'authorized-keys');
      writeFileSync(authorizedKeys, `ssh-rsa ${key.getPublicSSH().toString('base64')}\n`, { mode: 0o644 });
      const sshd = await startSshd([
        'PubkeyAcceptedAlgorithms rsa-sha2-512',
        `AuthorizedKeysFile ${authorizedKeys}`,
        'StrictModes no',
      ]);
      try {
        const { sha256 } = await rig.put('big.bin', 6 * MIB);
        const credentials = async () => ({ username: sshd.username, privateKey: String(privateKey) });
        const { outcome } = await rig.transfer(sourceOf(sshd, { credentials }), {
          sftp_file_path: join(rig.folder, 'big.bin'),
          target_s3_key: 'big',
        });
        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        tell('rsa-sha2-512 only: hash equal');
      } finally {
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
