/** Elements by name; an array repeats its element, undefined leaves it out. */
export interface XmlFields {
  readonly [name: string]: XmlValue;
}
export type XmlValue = string | number | boolean | undefined | XmlFields | readonly XmlFields[];

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A result document in S3's namespace, without the XML declaration. */
export function xmlResult(root: string, fields: XmlFields): string {
  return `<${root} xmlns="${NAMESPACE}">${elements(fields)}</${root}>`;
}

/** An `<Error>` document, which S3 leaves without a namespace; without the XML declaration. */
export function xmlError(fields: XmlFields): string {
  return `<Error>${elements(fields)}</Error>`;
}

function elements(fields: XmlFields): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('');
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => element(name, item)).join('');
  const content = typeof value === 'object' ? elements(value) : escapeXml(String(value));
  return `<${name}>${content}</${name}>`;
}

function isList(value: XmlValue): value is readonly XmlFields[] {
  return Array.isArray(value);
}

/** Control characters become references, as in S3's own answers: a bare line feed or tab would not survive every parser. */
function escapeXml(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold any character
    /[&<>"'\u0000-\u001f\u007f]/g,
    (character) => `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Resolves the five named entities and numeric references; leaves anything else as it is. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, named) => {
    if (named !== undefined) return NAMED_ENTITIES[named] ?? whole;
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : whole;
  });
}
