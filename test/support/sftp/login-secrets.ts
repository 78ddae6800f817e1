import { generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { awkwardHeader, awkwardSecret, type NamedSecrets, secretLinesOf } from '../secret-forms.ts';

/** What the tests that look for secrets log in with, or try to. */
export const PASSWORD = awkwardSecret('Qk');
export const WRONG_PASSWORD = awkwardSecret('wX');
export const EARLIER_PASSWORD = awkwardSecret('Bc');
export const PASSPHRASE = awkwardSecret('zJ');
export const WRONG_PASSPHRASE = awkwardSecret('Yv');
/** Encrypted with PASSPHRASE. */
export const key = generateKeyPair({ passphrase: PASSPHRASE, cipher: 'aes256-cbc', rounds: 4 });
export const plainKey = generateKeyPair();

/** Of the AWS client, as its environment has them. */
export const AWS_SECRETS = {
  AWS_SECRET_ACCESS_KEY: awkwardSecret('fH'),
  AWS_SESSION_TOKEN: awkwardHeader('gP'),
};

/** All of them, to look for. */
export const SECRETS: NamedSecrets = {
  PASSWORD,
  WRONG_PASSWORD,
  EARLIER_PASSWORD,
  PASSPHRASE,
  WRONG_PASSPHRASE,
  ...AWS_SECRETS,
  ...secretLinesOf('the encrypted key', key.private),
  ...secretLinesOf('the plain key', plainKey.private),
};
