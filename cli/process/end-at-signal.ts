import { EXIT_CODES } from '../exit-codes.ts';
import { printLine } from '../print.ts';
import { SIGNALS } from './interrupt.ts';

/**
 * What Ctrl-C, a TERM or a closed terminal means to a command that has nothing to put in order: it ends at once, with
 * the exit code of every other one, and a program that reads its output gets an object all the same.
 */
export function endAtSignal(asJson: boolean): void {
  for (const name of SIGNALS) {
    const end = (): void => {
      // The command sees to it itself.
      if (process.listenerCount(name) > 1) return;
      if (asJson)
        printLine(JSON.stringify({ status: 'ABORTED', error: 'Interrupted', cause: `ended by ${name}` }));
      else process.stderr.write('\nStopped.\n');
      process.exit(EXIT_CODES.interrupted);
    };
    process.on(name, end);
  }
}
