/** AWS did not answer, or refused a call: so the state of the transfer is unknown. Shown without a stack. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  /** True if the same call may succeed later: throttling, a server's fault, a broken connection. */
  readonly transient: boolean;

  constructor(message: string, transient: boolean, options?: ErrorOptions) {
    super(message, options);
    this.transient = transient;
  }
}

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/;
const HTTP_SERVER_ERROR = 500;

/** What Node.js and the SDK call a connection that broke or was not answered. */
const BROKEN_LINE = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TimeoutError$)/;

/** @param call what was asked, such as `DescribeExecution` */
export function toAwsCallError(call: string, thrown: unknown): AwsCallError {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  const options = { cause: error };
  const status = error.$metadata?.httpStatusCode;
  if (status !== undefined) {
    const transient = THROTTLED.test(error.name) || status >= HTTP_SERVER_ERROR;
    return new AwsCallError(`${call}: AWS answers ${error.name}: ${error.message}`, transient, options);
  }
  if (BROKEN_LINE.test(error.code ?? error.name)) {
    return new AwsCallError(`${call}: AWS does not answer: ${error.message || error.code}`, true, options);
  }
  return new AwsCallError(`${call}: AWS cannot be asked: ${error.message}`, false, options);
}
