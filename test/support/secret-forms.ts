/** Secrets of a test by a name that a failure may show. */
export type NamedSecrets = Readonly<Record<string, string>>;

/** A piece of a secret that is this long is a leak too: messages quote and shorten what they complain about. */
const FRAGMENT_CHARACTERS = 10;

/**
 * A secret of characters that shells, JSON, URLs and pages each write in their own way.
 * @param mark two letters that tell this secret from the others: every piece of it has them in it
 */
export const awkwardSecret = (mark: string): string =>
  ['', 'ä"\\', "<b'>", '&amp;', '$HOME ', '%41+', '`é\n決', '\\n!'].join(mark);

/** The same in characters that an HTTP header takes. */
export const awkwardHeader = (mark: string): string => ['', '"\\', "<&$'", ' %41', '+/'].join(mark);

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const htmlEscaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character);

/** How text is written, character by character, so that a part of it is written as part of the whole. */
const ESCAPES: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'JSON-escaped': jsonEscaped,
  'JSON in JSON': (text) => jsonEscaped(jsonEscaped(text)),
  'JSON-escaped to ASCII': (text) =>
    jsonEscaped(text).replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  'quoted as by node:util': (text) => text.replace(/[\\']/g, '\\$&'),
  'with backslashes escaped': (text) => text.replaceAll('\\', '\\\\'),
  'URL-encoded': encodeURIComponent,
  'URL-encoded in lower case': (text) =>
    encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  'URL-encoded with its apostrophe': (text) => encodeURIComponent(text).replaceAll("'", '%27'),
  'URL-encoded where it must be': encodeURI,
  'encoded as a form': (text) => new URLSearchParams([['', text]]).toString().slice(1),
  'HTML-escaped': htmlEscaped,
  'HTML-escaped with &apos;': (text) => htmlEscaped(text).replaceAll('&#39;', '&apos;'),
  'HTML-escaped with &#x27;': (text) => htmlEscaped(text).replaceAll('&#39;', '&#x27;'),
};

/**
 * The digits of `text` at each of the three places in a group where it can begin, less those at its ends that its
 * neighbours change.
 */
function base64Digits(text: string, encoding: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].map((bytesBefore) => {
    const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(text)]);
    const firstOwnDigit = Math.ceil((bytesBefore * 4) / 3);
    const ownDigits = Math.floor((bytes.length * 4) / 3);
    return bytes.toString(encoding).slice(firstOwnDigit, ownDigits);
  });
}

/** Every form in which a secret may show: its text to look for, and what the form is called. */
function formsOf(secret: string): Map<string, string> {
  if (secret.length < FRAGMENT_CHARACTERS) {
    throw new RangeError(
      `a secret of less than ${FRAGMENT_CHARACTERS} characters may stand anywhere by chance`,
    );
  }
  const hex = Buffer.from(secret).toString('hex');
  const forms = new Map([
    [hex, 'hexadecimal'],
    [hex.toUpperCase(), 'hexadecimal in upper case'],
    ...base64Digits(secret, 'base64url').map((digits) => [digits, 'Base64 for URLs'] as const),
    ...base64Digits(secret, 'base64').map((digits) => [digits, 'Base64'] as const),
  ]);
  for (const [name, write] of Object.entries(ESCAPES)) {
    for (let start = 0; start + FRAGMENT_CHARACTERS <= secret.length; start += 1) {
      const fragment = secret.slice(start, start + FRAGMENT_CHARACTERS);
      if (fragment.isWellFormed() && !forms.has(write(fragment))) forms.set(write(fragment), name);
    }
  }
  return forms;
}

/**
 * Looks for all secrets, and for pieces of them, in all forms.
 * @returns one line for each secret and form that was found, with what stands before it; never the secret
 */
export function findSecrets(secrets: NamedSecrets, text: string): string[] {
  return Object.entries(secrets).flatMap(([secretName, secret]) => {
    const found = new Map<string, string>();
    for (const [form, formName] of formsOf(secret)) {
      const at = text.indexOf(form);
      if (at >= 0 && !found.has(formName)) found.set(formName, text.slice(Math.max(0, at - 60), at));
    }
    return [...found].map(
      ([formName, before]) => `${secretName}, ${formName}, after ${JSON.stringify(before)}`,
    );
  });
}

/** The lines of a private key that hold the key, each as a secret: a key is seldom written as one line. */
export function secretLinesOf(name: string, privateKey: string): NamedSecrets {
  const lines = privateKey.split('\n').filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line));
  return Object.fromEntries(lines.map((line, index) => [`${name}, line ${index + 1}`, line]));
}
