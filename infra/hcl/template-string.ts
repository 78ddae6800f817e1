/**
 * A string of Terraform's JSON as a quoted template of HCL. Both hold references as `${…}`; but what stands outside of
 * them is plain in JSON, and in HCL needs its quotes, backslashes and line ends escaped.
 */
export function quotedTemplate(text: string): string {
  let out = '';
  let position = 0;
  while (position < text.length) {
    const isEscaped = text.startsWith('$${', position) || text.startsWith('%%{', position);
    const isReference = text.startsWith('${', position) || text.startsWith('%{', position);
    if (isEscaped) {
      out += text.slice(position, position + 3);
      position += 3;
    } else if (isReference) {
      const end = endOfReference(text, position);
      out += text.slice(position, end);
      position = end;
    } else {
      out += ESCAPES[text[position] ?? ''] ?? text[position];
      position += 1;
    }
  }
  return `"${out}"`;
}

/** The expression of a string that is one reference and nothing else; undefined for any other. */
export function soleReference(text: string): string | undefined {
  if (!text.startsWith('${') || endOfReference(text, 0) !== text.length) return undefined;
  return text.slice(2, -1);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Behind the brace that closes the reference that begins at `start`. @throws Error where none closes it */
function endOfReference(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let position = start + 1; position < text.length; position += 1) {
    const letter = text[position];
    if (isQuoted && letter === '\\') position += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && letter === '{') depth += 1;
    else if (!isQuoted && letter === '}') {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  throw new Error(`a reference is not closed: ${text.slice(start, start + 80)}`);
}
