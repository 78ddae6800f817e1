import { readableCause } from '../../transfer/text/lambda-error.ts';

/** Why a transfer failed, in the terms of errors.ts. */
export interface TransferFailure {
  name: string;
  message: string;
}

/**
 * The first error of the transfer that a folder run has started. Step Functions shows the failure of a nested execution
 * as `States.TaskFailed`, with what DescribeExecution says as the cause; there the error of a function is JSON again.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export function transferFailure(error: { Error: string; Cause?: string | undefined }): TransferFailure {
  const described = parseObject(error.Cause);
  const name = typeof described?.Error === 'string' ? described.Error : error.Error;
  const cause = typeof described?.Cause === 'string' ? described.Cause : (error.Cause ?? '');
  const message = readableCause(cause);
  const ending = typeof described?.Status === 'string' ? described.Status : undefined;
  return name === 'States.TaskFailed' && ending !== undefined
    ? { name: `Transfer${ending}`, message }
    : { name, message };
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
