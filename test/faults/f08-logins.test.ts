import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import type { SftpCredentials } from '../../sftp/settings.ts';
import {
  keyThenPassword,
  keyThenQuestion,
  type LoginBehaviour,
  questionOnly,
} from '../support/sftp/faulty-login.ts';
import { PASSWORD, USERNAME } from '../support/sftp/partner.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const PASSPHRASE = 'passphrase-of-the-key';
const plainKey = generateKeyPair();
const encryptedKey = generateKeyPair({ passphrase: PASSPHRASE, cipher: 'aes256-cbc', rounds: 4 });

/** One secret for all of them, as an operator would write it. */
const secret: SftpCredentials = {
  username: USERNAME,
  password: PASSWORD,
  privateKey: encryptedKey.private,
  privateKeyPassphrase: PASSPHRASE,
};

describeFault('F08', 'every kind of login', (tell) => {
  test.each<[string, LoginBehaviour | undefined, SftpCredentials, string[]]>([
    ['password', undefined, { username: USERNAME, password: PASSWORD }, ['password']],
    ['key', undefined, { username: USERNAME, privateKey: plainKey.private }, ['publickey']],
    ['encrypted key', undefined, secret, ['publickey']],
    ['question', questionOnly, secret, ['keyboard-interactive']],
    ['key and password', keyThenPassword, secret, ['publickey', 'password']],
    ['key and question', keyThenQuestion, secret, ['publickey', 'keyboard-interactive']],
  ])('%s', async (name, login, credentials, methods) => {
    const publicKey = name === 'key' ? plainKey.public : encryptedKey.public;
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 7 * MIB);

        const { outcome } = await rig.transfer(rig.source({ credentials: async () => credentials }), {
          sftp_file_path: path,
          target_s3_key: 'big',
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        const used = countedAttempts(rig.server.record).map(({ method }) => method);
        // The canary, two chunks, and the look before completing.
        expect(used.toSorted()).toEqual([...methods, ...methods, ...methods, ...methods].toSorted());
        tell(`${name} landed`);
      },
      { faults: login === undefined ? {} : { login }, server: { publicKey } },
    );
  });
});
