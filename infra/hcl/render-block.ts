import { quotedTemplate, soleReference } from './template-string.ts';

/** What Terraform's JSON holds: numbers, strings with references, lists and objects. */
type Values = Readonly<Record<string, unknown>>;

/**
 * Which names of an object are nested blocks, and what is in each. JSON does not say: HCL writes `rule { … }` and
 * `tags = { … }` for what is an object in both.
 */
export interface Shape {
  readonly [name: string]: Shape;
}

const INDENT = '  ';
/** The same for every resource and data source, so that constructs do not describe them. */
const OF_TERRAFORM: Shape = { lifecycle: { precondition: {}, postcondition: {} }, timeouts: {} };
/** Lists of addresses or attributes, which HCL writes without quotes. */
const LISTS_OF_NAMES = ['depends_on', 'ignore_changes'];
/** What CDKTF adds for itself. */
const METADATA = '//';
/** They run programs on the machine that applies; the stack has none, and their HCL is another. */
const UNKNOWN = ['provisioner', 'connection', 'dynamic'];

/** `header { … }`, one attribute a line. @throws Error for what this stack never has: provisioners, dynamic blocks */
export function renderBlock(header: string, values: Values, shape: Shape = {}, depth = 0): string {
  const indent = INDENT.repeat(depth);
  const blocks = { ...OF_TERRAFORM, ...shape };
  const lines = Object.entries(values)
    .filter(([name, value]) => name !== METADATA && value !== undefined && value !== null)
    .flatMap(([name, value]) => renderEntry(name, value, blocks[name], depth + 1));
  if (lines.length === 0) return `${indent}${header} {}`;
  return `${indent}${header} {\n${lines.join('\n')}\n${indent}}`;
}

function renderEntry(name: string, value: unknown, block: Shape | undefined, depth: number): string[] {
  if (UNKNOWN.includes(name)) throw new Error(`${name} cannot be written as HCL here`);
  if (block !== undefined) {
    const blocks = Array.isArray(value) ? value : [value];
    return blocks.map((one) => renderBlock(name, one as Values, block, depth));
  }
  const text = LISTS_OF_NAMES.includes(name)
    ? `[${(value as string[]).join(', ')}]`
    : renderValue(value, depth);
  return [`${INDENT.repeat(depth)}${name} = ${text}`];
}

/** A value as an HCL expression. */
function renderValue(value: unknown, depth: number): string {
  if (typeof value === 'string') return soleReference(value) ?? quotedTemplate(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const indent = INDENT.repeat(depth);
  const inner = INDENT.repeat(depth + 1);
  const [open, lines, close] = Array.isArray(value)
    ? ['[', value.map((one) => `${renderValue(one, depth + 1)},`), ']']
    : ['{', Object.entries(value).map(([key, one]) => `${keyOf(key)} = ${renderValue(one, depth + 1)}`), '}'];
  if (lines.length === 0) return `${open}${close}`;
  return `${open}\n${lines.map((line) => `${inner}${line}`).join('\n')}\n${indent}${close}`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : quotedTemplate(key);
}
