import ssh2, { type ParsedKey } from 'ssh2';
import { chooseRsaSignature, type RsaSignature, signedBy } from '../../../../sftp/connect/key-signature.ts';

const OPENSSH_9 = ['ssh-ed25519', 'ssh-rsa', 'rsa-sha2-256', 'rsa-sha2-512'];

test.each<
  [string, readonly string[] | undefined, readonly string[], readonly string[], RsaSignature | undefined]
>([
  ['512 before 256 and SHA-1, in whatever order they come', OPENSSH_9, [], ['ssh-rsa'], 'rsa-sha2-512'],
  ['512 where there is nothing else', ['rsa-sha2-512'], [], [], 'rsa-sha2-512'],
  ['256 where there is no 512: Dropbear 2022', ['rsa-sha2-256', 'ssh-rsa'], [], [], 'rsa-sha2-256'],
  ['SHA-1 where it is allowed and nothing else is taken', ['ssh-rsa'], [], ['ssh-rsa'], 'ssh-rsa'],
  ['nothing where SHA-1 is not allowed', ['ssh-rsa'], [], [], undefined],
  ['nothing where no RSA is taken', ['ssh-ed25519'], ['rsa-sha2-512'], ['ssh-rsa'], undefined],
  [
    'what it signs with, of a server that does not say',
    undefined,
    ['rsa-sha2-256', 'ssh-rsa'],
    [],
    'rsa-sha2-256',
  ],
  ['nothing of an old server that does not say', undefined, ['ssh-rsa', 'ssh-dss'], [], undefined],
  ['SHA-1 of such a one where it is allowed', undefined, ['ssh-rsa'], ['ssh-rsa'], 'ssh-rsa'],
  ['512 of a server without RSA that does not say', undefined, ['ssh-ed25519'], [], 'rsa-sha2-512'],
  ['SHA-1 of such a one where it is allowed', undefined, ['ssh-ed25519'], ['ssh-rsa'], 'ssh-rsa'],
])('chooses %s', (_case, serverSignatures, hostKeyAlgorithms, legacyAlgorithms, expected) => {
  expect(chooseRsaSignature({ serverSignatures, hostKeyAlgorithms, legacyAlgorithms })).toBe(expected);
});

test('the key stays what it is but for its signatures', () => {
  const pair = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
  const key = ssh2.utils.parseKey(pair.private) as ParsedKey;

  const signing = signedBy(key, 'rsa-sha2-512');

  expect(signing.type).toBe('rsa-sha2-512');
  expect(signing.isPrivateKey()).toBe(true);
  expect(signing.getPublicSSH()).toEqual(key.getPublicSSH());
  expect(key.verify(Buffer.from('data'), signing.sign('data') as Buffer, 'sha512')).toBe(true);
});
