import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** What a function returned, or the error that it threw in Lambda's form. */
export type FunctionAnswer = { failed: false; value: unknown } | { failed: true; words: string };

/** Calls a function once and waits for its answer. @throws what Lambda refuses, or how it cannot be asked */
export async function invokeFunction(
  client: LambdaClient,
  name: string,
  event: unknown,
  signal?: AbortSignal,
): Promise<FunctionAnswer> {
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
    signal && { abortSignal: signal },
  );
  const value = parsed(Payload?.transformToString() ?? '');
  if (FunctionError === undefined) return { failed: false, value };
  const { errorType = 'Error', errorMessage = '' } = (value ?? {}) as {
    errorType?: string;
    errorMessage?: string;
  };
  return { failed: true, words: `${errorType}: ${errorMessage}` };
}

/** Undefined for what is not JSON, which no function of ours answers. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
