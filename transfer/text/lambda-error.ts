/** An error as a Catch gets it: of a function, `Cause` is Lambda's error payload. */
export interface CaughtError {
  Error: string;
  Cause: string;
}

/** The message inside the JSON that a failed task's Cause is; any other text as it is. */
export function readableCause(cause: string): string {
  return payloadOf(cause)?.errorMessage ?? cause;
}

/** The same cause with one sentence more, in brackets. */
export function causeWithSentence(cause: string, sentence: string): string {
  const payload = payloadOf(cause);
  if (payload === undefined) return cause === '' ? sentence : `${cause} (${sentence})`;
  return JSON.stringify({ ...payload, errorMessage: `${payload.errorMessage} (${sentence})` });
}

/** Lambda's error payload, where the cause is one. */
function payloadOf(cause: string): { errorMessage: string } | undefined {
  try {
    const payload: unknown = JSON.parse(cause);
    if (typeof payload !== 'object' || payload === null || !('errorMessage' in payload)) return undefined;
    const { errorMessage } = payload;
    return typeof errorMessage === 'string' ? { ...payload, errorMessage } : undefined;
  } catch {
    return undefined;
  }
}
