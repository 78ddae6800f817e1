import { EXIT_CODES } from '../exit-codes.ts';

const STOPPING = 'Stopping: aborting the upload. Press Ctrl-C again to leave it behind.';
/** A terminal that closes ends a whole group of processes, and npm passes signals on as well: one wish, many signals. */
const SAME_WISH_MS = 500;
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Reason of a signal that Ctrl-C, TERM or HUP aborted. It has been announced already. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export interface Interrupt {
  signal: AbortSignal;
  /** To be called at the end: the handlers would keep the command's last work alive. */
  release(): void;
}

/**
 * A signal that Ctrl-C, a TERM or a closed terminal aborts, so that the command can end in order. The second one does
 * not wait.
 * @param announcement is said at the first; by default that the upload is aborted
 * @param onAbandon is called at the second, right before the process ends: says what is left behind
 */
export function onInterrupt(announcement = STOPPING, onAbandon: () => void = () => {}): Interrupt {
  const controller = new AbortController();
  let firstAtMs = 0;
  const interrupt = (): void => {
    const nowMs = performance.now();
    if (!controller.signal.aborted) {
      firstAtMs = nowMs;
      process.stderr.write(`\n${announcement}\n`);
      controller.abort(new Interrupted('interrupted'));
    } else if (nowMs - firstAtMs > SAME_WISH_MS) {
      onAbandon();
      process.exit(EXIT_CODES.interrupted);
    }
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release() {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}
