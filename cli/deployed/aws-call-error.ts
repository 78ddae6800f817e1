import { LedgerUnavailableError } from '../../transfer/errors.ts';

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

/** What to do about the SDK's words, which name no remedy. */
const REMEDIES: readonly [words: RegExp, remedy: string][] = [
  [
    /could not load credentials|credential.*(expired|not found)|sso session|token.*expired/i,
    'sign in: aws sso login, --profile or AWS_PROFILE, or an access key in the environment',
  ],
  [/region is missing|region not accepted/i, 'give --region, AWS_REGION, or a profile that has one'],
];

/** "; sign in: …" for an error that a person can do something about, else empty. */
export function remedyFor(message: string): string {
  const remedy = REMEDIES.find(([words]) => words.test(message))?.[1];
  return remedy === undefined ? '' : `; ${remedy}`;
}

/** A ledger table that did not answer is a call of AWS that did not, to a command that only looks at it. */
export function ledgerCallError(error: unknown): unknown {
  if (!(error instanceof LedgerUnavailableError) || error.cause === undefined) return error;
  return toAwsCallError('the ledger table', error.cause);
}

/**
 * @param call what was asked, such as `DescribeExecution`
 * @param asked where, such as `region eu-central-1`
 */
export function toAwsCallError(call: string, thrown: unknown, asked?: string): AwsCallError {
  const where = asked === undefined ? '' : ` (${asked})`;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  const options = { cause: error };
  const status = error.$metadata?.httpStatusCode;
  // Whoever answers with a web page has a status as well; the SDK's words about it are for its programmers.
  if (error.name === 'SyntaxError')
    return new AwsCallError(`${call}: what answers is not AWS${where}`, false, options);
  if (status !== undefined) {
    const transient = THROTTLED.test(error.name) || status >= HTTP_SERVER_ERROR;
    return new AwsCallError(
      `${call}: AWS answers ${error.name}: ${error.message}${where}`,
      transient,
      options,
    );
  }
  if (BROKEN_LINE.test(error.code ?? error.name)) {
    return new AwsCallError(
      `${call}: AWS does not answer: ${error.message || error.code}${where}`,
      true,
      options,
    );
  }
  const message = `${call}: AWS cannot be asked: ${error.message}${where}${remedyFor(error.message)}`;
  return new AwsCallError(message, false, options);
}
