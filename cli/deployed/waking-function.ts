/**
 * What Invoke answers while a function's network is not ready, and nothing of the function has run: after weeks without
 * a call Lambda takes its network interfaces away, and builds them anew at the next one.
 * https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 */
export const WAKING_ERRORS: readonly string[] = [
  'ResourceNotReadyException',
  'ResourceConflictException',
  'ENINotReadyException',
  'ENILimitReachedException',
  'EC2ThrottledException',
  'EC2UnexpectedException',
  'SubnetIPAddressLimitReachedException',
];

/** "About a minute" says Lambda's guide; minutes have been seen. */
export const WAKING_PATIENCE_MS = 300_000;
export const WAKING_RETRY_MS = 10_000;

export interface WakingWait {
  sleep: (ms: number) => Promise<unknown>;
  /** Called before each wait with the reason, and for how long it has waited. */
  onWaiting: (errorName: string, waitedMs: number) => void;
}

/**
 * Calls until the function is awake. Any other error, and the last one when the patience is over, is thrown as it is.
 */
export async function onceAwake<Answer>(
  invoke: () => Promise<Answer>,
  { sleep, onWaiting }: WakingWait,
): Promise<Answer> {
  for (let waitedMs = 0; ; waitedMs += WAKING_RETRY_MS) {
    try {
      return await invoke();
    } catch (error) {
      const { name } = error as Error;
      if (!WAKING_ERRORS.includes(name) || waitedMs >= WAKING_PATIENCE_MS) throw error;
      onWaiting(name, waitedMs);
      await sleep(WAKING_RETRY_MS);
    }
  }
}
