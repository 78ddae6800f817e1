import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const KEY_PASSPHRASE = 'pässphrase of a test key';

/** For describeUnless: a sentence about the first tool that is not there. */
export const keyToolsMissing: string | undefined = ['ssh-keygen', 'puttygen', 'openssl']
  .filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  .map((tool) => `${tool} is not installed`)[0];

/** Kinds of key that SSH servers take, by the names of ssh-keygen and puttygen. */
export const KEY_TYPES = {
  rsa: ['-t', 'rsa', '-b', '2048'],
  ecdsa: ['-t', 'ecdsa', '-b', '384'],
  ed25519: ['-t', 'ed25519'],
} as const;
export type KeyType = keyof typeof KEY_TYPES;

/** Makes keys by the tools that partners and colleagues use. Every method returns the text of a new private key. */
export class KeyTools {
  readonly #folder: string;
  /** Public halves of all keys so far, one a line. */
  readonly authorizedKeysFile: string;
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.authorizedKeysFile = join(folder, 'authorized_keys');
    writeFileSync(this.authorizedKeysFile, '');
  }

  /** @param form as `-m` of ssh-keygen has it */
  sshKeygen(type: KeyType, form: 'RFC4716' | 'PEM' | 'PKCS8', passphrase = '', ...more: string[]): string {
    const file = this.#newFile();
    const args = [
      '-q',
      ...KEY_TYPES[type],
      '-m',
      form,
      '-N',
      passphrase,
      '-C',
      'made by a test',
      '-f',
      file,
      ...more,
    ];
    execFileSync('ssh-keygen', args);
    this.#authorize(readFileSync(`${file}.pub`, 'utf8'));
    return readFileSync(file, 'utf8');
  }

  puttygen(type: KeyType, version: 2 | 3, passphrase = ''): string {
    const file = this.#newFile();
    const passphraseFile = join(this.#folder, 'passphrase');
    writeFileSync(passphraseFile, passphrase);
    execFileSync('puttygen', [
      ...KEY_TYPES[type],
      ...['-q', '-C', 'made by a test', '-o', file, '--new-passphrase', passphraseFile],
      ...['--random-device', '/dev/urandom', '--ppk-param', `version=${version},memory=1024,time=1`],
    ]);
    this.#authorize(
      execFileSync('puttygen', [file, '-L', '--old-passphrase', passphraseFile], { encoding: 'utf8' }),
    );
    return readFileSync(file, 'utf8');
  }

  /** An Ed25519 key as `openssl genpkey` writes it. */
  opensslGenpkey(passphrase?: string): string {
    const file = this.#newFile();
    const cipher = passphrase === undefined ? [] : ['-aes-256-cbc', '-pass', `pass:${passphrase}`];
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', ...cipher, '-out', file], { stdio: 'pipe' });
    // ssh-keygen does not read this form: the public half is made from the raw key at the end of the DER.
    const der = execFileSync('openssl', [
      ...['pkey', '-in', file, '-pubout', '-outform', 'DER'],
      ...(passphrase === undefined ? [] : ['-passin', `pass:${passphrase}`]),
    ]);
    const raw = der.subarray(-32);
    const header = Buffer.from('0000000b7373682d6564323535313900000020', 'hex');
    this.#authorize(`ssh-ed25519 ${Buffer.concat([header, raw]).toString('base64')}\n`);
    return readFileSync(file, 'utf8');
  }

  #newFile(): string {
    this.#made += 1;
    return join(this.#folder, `key-${this.#made}`);
  }

  #authorize(publicKey: string): void {
    writeFileSync(this.authorizedKeysFile, publicKey, { flag: 'a', mode: 0o644 });
  }
}
