/**
 * The commands of a piece of shell text, each as its words: continued lines joined (in a transcript they begin with `>`), comments and assignments in front
 * left out, quotes removed. Variables stay as they are written. Enough for documentation, not a shell.
 */
export function shellCommands(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*(?:> )?\s*/g, ' ')
    .split('\n')
    .map((line) => words(line.replace(/^\s*\$ /, '')))
    .map((line) => line.slice(line.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter(([first]) => first !== undefined && first !== 'export' && !/^[A-Z_]+=/.test(first));
}

const WORD = /(?:[^\s'"#]|(?<=\S)#|'[^']*'|"[^"]*")+|#.*/g;

function words(line: string): string[] {
  return (line.match(WORD) ?? [])
    .filter((word) => !word.startsWith('#'))
    .map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}
