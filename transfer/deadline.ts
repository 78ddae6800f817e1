/** Reason of a signal that was aborted because the Lambda's time is nearly over. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/**
 * A signal that is aborted `marginMs` before the function's time is over, so that a step can still say why it ended.
 * Call `cancel` when the step is done: a pending timer would be carried into the next invocation.
 */
export function startDeadline(
  remainingMs: number,
  marginMs: number,
): { signal: AbortSignal; cancel: () => void } {
  const controller = new AbortController();
  const abort = () =>
    controller.abort(new DeadlineReached(`${marginMs} ms before the function's time is over`));
  const timer = setTimeout(abort, Math.max(0, remainingMs - marginMs));
  return { signal: controller.signal, cancel: () => clearTimeout(timer) };
}
