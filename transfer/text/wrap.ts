/** Breaks lines at spaces so that none is longer than `length`, except a word that is. Line breaks are kept. */
export function wrap(text: string, length: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, length))
    .join('\n');
}

function wrapLine(line: string, length: number): string {
  if (line.length <= length) return line;
  const breakAt = line.lastIndexOf(' ', length);
  const at = breakAt > 0 ? breakAt : line.indexOf(' ', length);
  if (at <= 0) return line;
  return `${line.slice(0, at)}\n${wrapLine(line.slice(at + 1), length)}`;
}
