/** A PEM block with its lines as they should be. */
export interface PemKey {
  /** The word before PRIVATE KEY, such as "RSA", "OPENSSH", "ENCRYPTED"; empty for plain PKCS#8. */
  kind: string;
  /** The whole block, lines of 64 characters. */
  pem: string;
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]*?) ?PRIVATE KEY-----([\s\S]+?)-----END \1 ?PRIVATE KEY-----/;
/** RFC 1421's headers, as OpenSSL writes them into an encrypted block; in one line where line ends were lost. */
const PEM_HEADERS = /^\s*(Proc-Type:\s*4,ENCRYPTED)\s+(DEK-Info:\s*[A-Za-z0-9-]+,[0-9A-Fa-f]+)\s/;
const PEM_LINE = /.{1,64}/g;

/** base64 of "-----BEGIN" and of "PuTTY-User": a whole key file that was encoded once more, as some secret stores want. */
const ENCODED_FILE = /^\s*(LS0tLS1CRUdJTi|UHVUVFktVXNlc)[A-Za-z0-9+/=\s]+$/;

/**
 * Undoes what forms, editors, terminals and secret stores do to a key's text: a byte order mark, UTF-16, CRLF and CR,
 * `\n` as two characters, base64 around the whole file.
 */
export function tidyKeyText(text: string): string {
  // UTF-16 of ASCII is the same characters with a zero byte beside each.
  const characters = text.replace(/^[\uFEFF\uFFFD]+/, '').replaceAll('\0', '');
  if (ENCODED_FILE.test(characters)) return tidyKeyText(Buffer.from(characters, 'base64').toString('utf8'));
  const lines = characters.replace(/\r\n?/g, '\n').trim();
  // A real key has line ends; a backslash in the comment of such a one is only a backslash.
  return lines.includes('\n') ? lines : lines.replace(/(\\+r)?\\+n|\\+r/g, '\n');
}

/** The first private key in PEM form within a tidied text; lines before and after, certificates for one, are left out. */
export function findPemKey(text: string): PemKey | undefined {
  const [, kind = '', body = ''] = PEM_BLOCK.exec(text) ?? [];
  if (body === '') return undefined;
  const headers = PEM_HEADERS.exec(body);
  const base64 = body.slice(headers?.[0].length ?? 0).replace(/\s+/g, '');
  const label = kind === '' ? 'PRIVATE KEY' : `${kind} PRIVATE KEY`;
  return {
    kind,
    pem: [
      `-----BEGIN ${label}-----`,
      ...(headers === null ? [] : [headers[1], headers[2], '']),
      ...(base64.match(PEM_LINE) ?? []),
      `-----END ${label}-----`,
      '',
    ].join('\n'),
  };
}
