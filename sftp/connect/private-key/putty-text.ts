/** The fields of a PuTTY key file, version 2 or 3, as text. */
export interface PuttyFields {
  version: number;
  /** Such as "ssh-rsa". */
  algorithm: string;
  encryption: string;
  comment: string;
  publicBlob: Buffer;
  /** Encrypted, unless `encryption` is "none". */
  privateBlob: Buffer;
  /** Of an encrypted version 3 only. */
  argon2: PuttyArgon2 | undefined;
  mac: Buffer;
}

/** How the passphrase of a version 3 becomes a key. */
export interface PuttyArgon2 {
  variant: string;
  memoryKib: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
}

/** PuTTY's manual, appendix C. Blanks may have taken the place of line ends. */
const FILE = new RegExp(
  [
    'PuTTY-User-Key-File-(?<version>\\d+):\\s*(?<algorithm>\\S+)',
    'Encryption:\\s*(?<encryption>\\S+)',
    'Comment:[ \\t]*(?<comment>[^\\n]*?)',
    'Public-Lines:\\s*\\d+\\s+(?<publicBlob>[A-Za-z0-9+/=\\s]+?)',
    '(?:Key-Derivation:\\s*(?<variant>\\S+)\\s+Argon2-Memory:\\s*(?<memory>\\d+)\\s+Argon2-Passes:\\s*(?<passes>\\d+)' +
      '\\s+Argon2-Parallelism:\\s*(?<parallelism>\\d+)\\s+Argon2-Salt:\\s*(?<salt>[0-9a-fA-F]+)\\s+)?' +
      'Private-Lines:\\s*\\d+\\s+(?<privateBlob>[A-Za-z0-9+/=\\s]+?)',
    'Private-MAC:\\s*(?<mac>[0-9a-fA-F]+)',
  ].join('\\s+'),
);

/** The PuTTY key within a tidied text; undefined when there is none, or it is not whole. */
export function findPuttyKey(text: string): PuttyFields | undefined {
  const groups = FILE.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const field = (name: string) => groups[name] ?? '';
  return {
    version: Number(field('version')),
    algorithm: field('algorithm'),
    encryption: field('encryption'),
    comment: field('comment'),
    publicBlob: Buffer.from(field('publicBlob'), 'base64'),
    privateBlob: Buffer.from(field('privateBlob'), 'base64'),
    argon2:
      groups.variant === undefined
        ? undefined
        : {
            variant: field('variant').toLowerCase(),
            memoryKib: Number(field('memory')),
            passes: Number(field('passes')),
            parallelism: Number(field('parallelism')),
            salt: Buffer.from(field('salt'), 'hex'),
          },
    mac: Buffer.from(field('mac'), 'hex'),
  };
}
