import { EXIT_CODES } from './exit-codes.ts';

const STOPPING = 'Stopping: aborting the upload. Press Ctrl-C again to leave it behind.';

/** Reason of a signal that Ctrl-C or a TERM aborted. It has been announced already. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * A signal that Ctrl-C or a TERM aborts, so that the command can end in order. The second Ctrl-C does not wait.
 * @param announcement is said at the first; by default that the upload is aborted
 * Call `release` at the end: the handlers would keep their last transfer alive.
 */
export function onInterrupt(announcement = STOPPING): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    process.stderr.write(`\n${announcement}\n`);
    controller.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  };
}
