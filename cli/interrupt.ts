import { EXIT_CODES } from './exit-codes.ts';

/**
 * A signal that Ctrl-C or a TERM aborts, so that the upload can be aborted too. The second Ctrl-C does not wait.
 * Call `release` at the end: the handlers would keep their last transfer alive.
 */
export function onInterrupt(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    process.stderr.write('\nStopping: aborting the upload. Press Ctrl-C again to leave it behind.\n');
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    release: () => void process.off('SIGINT', interrupt).off('SIGTERM', interrupt),
  };
}
