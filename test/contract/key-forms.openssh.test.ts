import { chmodSync } from 'node:fs';
import { describeUnless } from '../support/optional-suite.ts';
import { sourceOf, useOnce } from '../support/sftp/partner.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { KEY_PASSPHRASE, KEY_TYPES, KeyTools, type KeyType, keyToolsMissing } from './support/key-tools.ts';

/** Each form of a private key, made by the tool that people make it with, logs in to a real server. */
describeUnless(sshdMissing ?? keyToolsMissing, 'forms of a private key, against OpenSSH', () => {
  const folder = temporaryDirectory();
  // sshd reads the authorized keys as the user who logs in.
  chmodSync(folder, 0o711);
  const tools = new KeyTools(folder);
  let sshd: Sshd;

  beforeAll(async () => {
    sshd = await startSshd([`AuthorizedKeysFile ${tools.authorizedKeysFile}`]);
  });
  afterAll(() => sshd.stop());

  const login = (privateKey: string, privateKeyPassphrase?: string) =>
    useOnce(
      sourceOf(sshd, {
        credentials: async () => ({
          username: sshd.username,
          privateKey,
          ...(privateKeyPassphrase !== undefined && { privateKeyPassphrase }),
        }),
      }),
    );

  type Made = [form: string, make: (passphrase?: string) => string];
  const forms = (Object.keys(KEY_TYPES) as KeyType[]).flatMap((type): Made[] => [
    [`${type} in OpenSSH's form`, (passphrase) => tools.sshKeygen(type, 'RFC4716', passphrase)],
    [`${type} of puttygen, version 2`, (passphrase) => tools.puttygen(type, 2, passphrase)],
    [`${type} of puttygen, version 3`, (passphrase) => tools.puttygen(type, 3, passphrase)],
    ...(type === 'ed25519'
      ? []
      : ([
          [`${type} in PEM`, (passphrase) => tools.sshKeygen(type, 'PEM', passphrase)],
          [`${type} in PKCS#8`, (passphrase) => tools.sshKeygen(type, 'PKCS8', passphrase)],
        ] satisfies Made[])),
  ]);
  forms.push(['ed25519 of openssl genpkey', (passphrase) => tools.opensslGenpkey(passphrase)]);

  describe.each(forms)('%s', (_form, make) => {
    let plain: string;
    let encrypted: string;
    beforeAll(() => {
      plain = make();
      encrypted = make(KEY_PASSPHRASE);
    });

    test('logs in', () => expect(login(plain)).resolves.toBe('/'));

    test('logs in with blanks for its line ends', () =>
      expect(login(plain.replaceAll('\n', ' '))).resolves.toBe('/'));

    test('logs in encrypted, with backslash and n for its line ends', () =>
      expect(login(encrypted.replaceAll('\n', '\\n'), KEY_PASSPHRASE)).resolves.toBe('/'));

    test('is said to be encrypted, and its passphrase to be another', async () => {
      await expect(login(encrypted)).rejects.toMatchObject({
        name: 'InvalidTransferRequestError',
        message: expect.stringContaining('its passphrase must be given too'),
      });
      await expect(login(encrypted, 'another')).rejects.toMatchObject({
        name: 'InvalidTransferRequestError',
        message: expect.stringContaining('its passphrase does not fit'),
      });
    });
  });

  test('an encryption of OpenSSH that is not read is said with the command that changes it', async () => {
    const key = tools.sshKeygen('ed25519', 'RFC4716', KEY_PASSPHRASE, '-Z', 'chacha20-poly1305@openssh.com');
    await expect(login(key, KEY_PASSPHRASE)).rejects.toMatchObject({
      name: 'InvalidTransferRequestError',
      message: expect.stringContaining('ssh-keygen -p -Z aes256-ctr -f KEY'),
    });
  });

  test('a key that cannot be used reaches no server', async () => {
    const before = await sshd.logged();
    await expect(login('nothing like a key')).rejects.toThrow('convert it with: ssh-keygen -p -f KEY');
    expect(await sshd.logged()).toBe(before);
  });
});
