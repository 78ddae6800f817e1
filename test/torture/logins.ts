import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import type { LoginPolicy } from '../../local/sftp-server/login.ts';
import type { SftpCredentials } from '../../sftp/settings.ts';
import { awkwardSecret, type NamedSecrets, secretLinesOf } from '../support/secret-forms.ts';
import { keyThenPassword, type LoginBehaviour, questionOnly } from '../support/sftp/faulty-login.ts';
import { USERNAME } from '../support/sftp/partner.ts';
import type { SeededRandom } from './seeded-random.ts';

/** One way to log in to the embedded server. */
export interface Login {
  description: string;
  credentials: SftpCredentials;
  policy: LoginPolicy;
  behaviour?: LoginBehaviour;
  /** What no run may write. */
  secrets: NamedSecrets;
}

type LoginKind = (random: SeededRandom) => Login;

const username = USERNAME;
const drawSecret = (random: SeededRandom): string => awkwardSecret(String(random.integer(10, 99)));

const byPassword: LoginKind = (random) => {
  const password = drawSecret(random);
  return {
    description: 'by password',
    credentials: { username, password },
    policy: { username, password },
    secrets: { password },
  };
};

const byQuestion: LoginKind = (random) => ({
  ...byPassword(random),
  description: 'by question',
  behaviour: questionOnly,
});

const byKey: LoginKind = () => {
  const key = generateKeyPair();
  return {
    description: 'by key',
    credentials: { username, privateKey: key.private },
    policy: { username, publicKey: key.public },
    secrets: secretLinesOf('key', key.private),
  };
};

const byEncryptedKey: LoginKind = (random) => {
  const passphrase = drawSecret(random);
  const key = generateKeyPair({ passphrase, cipher: 'aes256-cbc', rounds: 4 });
  return {
    description: 'by encrypted key',
    credentials: { username, privateKey: key.private, privateKeyPassphrase: passphrase },
    policy: { username, publicKey: key.public },
    secrets: { passphrase, ...secretLinesOf('key', key.private) },
  };
};

const byKeyAndPassword: LoginKind = (random) => {
  const [ofPassword, ofKey] = [byPassword(random), byKey(random)];
  return {
    description: 'by key and password',
    credentials: { ...ofPassword.credentials, ...ofKey.credentials },
    policy: { ...ofPassword.policy, ...ofKey.policy },
    behaviour: keyThenPassword,
    secrets: { ...ofPassword.secrets, ...ofKey.secrets },
  };
};

export function drawLogin(random: SeededRandom): Login {
  return random.pick([byPassword, byQuestion, byKey, byEncryptedKey, byKeyAndPassword])(random);
}
