import { generateKeyPairSync } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import { parsePrivateKey } from '../../sftp/connect/private-key/parse-private-key.ts';
import { USERNAME } from '../support/sftp/partner.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const ed25519 = generateKeyPair();
const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

/** As authorized_keys has it. */
function publicOf(privateKey: string): string {
  const key: ParsedKey = parsePrivateKey(privateKey, undefined);
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

describeFault('F26', 'key forms of everyday life', (tell) => {
  test.each<[string, string, string]>([
    ['PKCS#8, ECDSA', String(ecdsa), publicOf(String(ecdsa))],
    ['PKCS#8, RSA', String(rsa), publicOf(String(rsa))],
    ['literal \\n', ed25519.private.replaceAll('\n', '\\n'), ed25519.public],
    ['blanks for line ends', ed25519.private.replaceAll('\n', ' '), ed25519.public],
    ['CRLF and a byte order mark', `\uFEFF${ed25519.private.replaceAll('\n', '\r\n')}`, ed25519.public],
    ['lines around it', `Bag Attributes\n    friendlyName: x\n${ed25519.private}\ntrailing`, ed25519.public],
  ])('%s: the file lands', async (what, privateKey, publicKey) => {
    const server = { publicKey };
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('file.bin', 1_000);
        const source = rig.source({ credentials: async () => ({ username: USERNAME, privateKey }) });
        const { outcome } = await rig.transfer(source, { sftp_file_path: path, target_s3_key: 'file' });
        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('file')).toBe(sha256);
        tell(`${what}: landed`);
      },
      { server },
    );
  });

  test.each<[string, string, RegExp]>([
    ['a public key', ed25519.public, /public key/],
    ['half a key', ed25519.private.slice(0, 120), /private key/],
    [
      'a PuTTY key of an unknown version',
      'PuTTY-User-Key-File-9: ssh-ed25519\nEncryption: none\n',
      /puttygen/,
    ],
    ['a user certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA partner', /user certificate/],
  ])('%s: one sentence, and nothing is sent', async (what, privateKey, expected) => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('file.bin', 1_000);
      const source = rig.source({ credentials: async () => ({ username: USERNAME, privateKey }) });
      const { outcome } = await rig.transfer(source, { sftp_file_path: path, target_s3_key: 'file' });
      expect(outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
      expect('cause' in outcome ? outcome.cause : '').toMatch(expected);
      expect(rig.server.record.connections).toBe(0);
      tell(`${what}: InvalidTransferRequestError, no connection`);
    });
  });
});
