import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Interrupted } from '../process/interrupt.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Asks on the terminal; a hidden answer is not shown while it is typed.
 * @param option what gives the answer where there is no terminal, such as `--user`
 * @throws UsageError without a terminal; Interrupted at Ctrl-C
 */
export function ask(question: string, option: string, { hidden = false } = {}): Promise<string> {
  if (process.stdin.isTTY !== true) throw new UsageError(`give ${option}: there is no terminal to ask on`);
  let isMuted = false;
  const output = new Writable({
    write(piece, _encoding, done) {
      if (!isMuted) process.stderr.write(piece);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise<string>((resolve, reject) => {
    lines.once('SIGINT', () => reject(new Interrupted('interrupted')));
    lines.once('close', () => reject(new UsageError(`${option}: the input ended before an answer`)));
    lines.question(`${question} `, resolve);
    isMuted = hidden;
  }).finally(() => {
    lines.close();
    if (hidden) process.stderr.write('\n');
  });
}
