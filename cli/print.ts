/** Prints one line of results; everything else the command line says goes to stderr. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
