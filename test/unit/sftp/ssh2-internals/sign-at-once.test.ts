import ssh2, { type ParsedKey } from 'ssh2';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { signedBy } from '../../../../sftp/connect/key-signature.ts';
import { signAtOnce } from '../../../../sftp/ssh2-internals/sign-at-once.ts';

const DATA = Buffer.from('what a server wants signed');
const ed25519 = ssh2.utils.parseKey(generateKeyPair().private) as ParsedKey;
const rsa = ssh2.utils.parseKey(ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private) as ParsedKey;

/** A connection whose protocol records what it was told to send: a question or a signature. */
function connection() {
  const sent: (Buffer | 'question')[] = [];
  const authPK = (
    _username: string,
    _key: ParsedKey,
    _algorithm?: string,
    sign?: (data: Buffer, send: (signature: Buffer) => void) => void,
  ): void => {
    if (sign === undefined) sent.push('question');
    else sign(DATA, (signature) => sent.push(signature));
  };
  return { sent, _protocol: { authPK } };
}

test.each([
  ['ed25519', ed25519, undefined],
  ['RSA with SHA-256', signedBy(rsa, 'rsa-sha2-256'), 'sha256'],
  ['RSA with SHA-512', signedBy(rsa, 'rsa-sha2-512'), 'sha512'],
  ['RSA with SHA-1, where the partner allows it', signedBy(rsa, 'ssh-rsa'), 'sha1'],
])('sends a right signature instead of the question: %s', (_name, key, hash) => {
  const { sent, _protocol } = connection();
  const client = { _protocol };
  signAtOnce(client);
  client._protocol.authPK('partner', key);
  expect(sent).toHaveLength(1);
  expect((key === ed25519 ? key : rsa).verify(DATA, sent[0] as Buffer, hash as string)).toBe(true);
});

test('asks the question for a key that cannot sign, and leaves it to ssh2 to fail', () => {
  const { sent, _protocol } = connection();
  const publicKey = ssh2.utils.parseKey(generateKeyPair().public) as ParsedKey;
  signAtOnce({ _protocol });
  _protocol.authPK('partner', publicKey);
  expect(sent).toEqual(['question']);
});

test('leaves a signature of ssh2 as it is', () => {
  const { sent, _protocol } = connection();
  signAtOnce({ _protocol });
  _protocol.authPK('partner', ed25519, undefined, (_data, send) => send(Buffer.from('its own')));
  expect(sent).toEqual([Buffer.from('its own')]);
});

test.each([{}, { _protocol: undefined }, { _protocol: {} }])(
  'leaves another version of ssh2 alone',
  (client) => {
    const before = structuredClone(client);
    signAtOnce(client);
    expect(client).toEqual(before);
  },
);
