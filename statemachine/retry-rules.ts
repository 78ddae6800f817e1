/**
 * Which errors the workflow tries again, in which states, and how often: one row an error, with who emits it and where
 * that is documented. `transfer.asl.json` and `folder.asl.json` have exactly these rules, each state in this order; a test
 * compares them, and the table in README.md is written from here. A new state gets its rules when their `states` name it.
 */

export interface RetriedError {
  /** As Step Functions shows it in `Error`, and as `ErrorEquals` names it. */
  name: string;
  emittedBy: string;
  /** What the emitter means, in half a sentence. */
  meaning: string;
  /** Of the name: a vendor's page, or the file of ours that defines it. */
  source: string;
}

export interface RetryRule {
  /** Ends the sentence "the call failed because ...". */
  because: string;
  errors: readonly RetriedError[];
  /** Names of Task states, also those inside a Map. */
  states: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number;
}

const OURS = 'our functions';
const LAMBDA = 'Lambda, before the function runs';
const LAMBDA_RUNTIME = "Lambda, in the function's place";
const STEP_FUNCTIONS = 'Step Functions';
const S3_INTEGRATION = "Step Functions' integration of S3";

const OUR_ERRORS = 'transfer/errors.ts';
const SERVICE_EXCEPTIONS =
  'https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html';
const ERROR_HANDLING = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html';
const SDK_INTEGRATIONS =
  'https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html';
const START_EXECUTION =
  'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html';
const INVOKE = 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html';
/** Step Functions calls Lambda by the SDK for Java, whose second version writes initialisms as words. */
const JAVA_SDK =
  'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/migration-exception-changes.html';
const NODE_RUNTIME = 'https://github.com/aws/aws-lambda-nodejs-runtime-interface-client';
const REPORTED_BY_LAMBDA = 'https://github.com/floci-io/floci/issues/3314';
const TELEMETRY = 'https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html';

const FUNCTIONS_IN_NETWORK = [
  'GetFileMetadata',
  'ResumeUpload',
  'DownloadSegment',
  'CompleteUpload',
  'ListFolder',
  'CopyBatch',
  'SettleSource',
];
const FUNCTIONS = [
  'ReserveSessions',
  'AwaitPartner',
  'AwaitPartnerOfSegment',
  'GetFileMetadata',
  'ResumeUpload',
  'CreateFileChunks',
  'DownloadSegment',
  'CompleteUpload',
  'KeepParts',
  'AbortUpload',
  'ReleaseSessions',
  'ListFolder',
  'CopyBatch',
  'ClaimFile',
  'CommitFile',
  'SettleSource',
  'SummariseRun',
];

export const RETRY_RULES: readonly RetryRule[] = [
  {
    because: 'the connection to the partner was lost in a run over a folder',
    errors: [
      ours('SftpConnectionError', 'refused, reset, closed or not answered'),
      ours('SftpStalledError', 'no byte came for the idle time'),
    ],
    states: ['ListFolder', 'CopyBatch', 'SettleSource'],
    intervalSeconds: 5,
    maxAttempts: 10,
    backoffRate: 2,
    maxDelaySeconds: 120,
  },
  {
    because: "the partner's server failed",
    errors: [
      ours('SftpRequestFailedError', 'the server answered that it failed, without a reason that lasts'),
    ],
    states: FUNCTIONS_IN_NETWORK,
    intervalSeconds: 5,
    maxAttempts: 10,
    backoffRate: 2,
    maxDelaySeconds: 120,
  },
  {
    because: 'S3 failed to answer one of our functions',
    errors: [ours('UploadFailedError', "5xx or a broken connection, after the SDK's own attempts")],
    states: [
      'GetFileMetadata',
      'ResumeUpload',
      'DownloadSegment',
      'CompleteUpload',
      'KeepParts',
      'AbortUpload',
      'ListFolder',
      'CopyBatch',
      'ClaimFile',
      'CommitFile',
      'SettleSource',
      'SummariseRun',
    ],
    intervalSeconds: 2,
    maxAttempts: 6,
    backoffRate: 2,
    maxDelaySeconds: 60,
  },
  {
    because: 'the table of the ledger, of sessions in use and of kept uploads did not answer',
    errors: [ours('LedgerUnavailableError', "DynamoDB failed, after the SDK's own attempts")],
    states: [
      'ReserveSessions',
      'AwaitPartner',
      'AwaitPartnerOfSegment',
      'ReleaseSessions',
      'KeepParts',
      'AbortUpload',
      'ListFolder',
      'CopyBatch',
      'ClaimFile',
      'CommitFile',
      'SettleSource',
    ],
    intervalSeconds: 5,
    maxAttempts: 20,
    backoffRate: 2,
    maxDelaySeconds: 120,
  },
  {
    because: 'the chunk was not done when its time was over',
    errors: [ours('ChunkDeadlineError', 'a second failure needs a smaller chunk')],
    states: ['DownloadSegment', 'CopyBatch'],
    intervalSeconds: 5,
    maxAttempts: 1,
    backoffRate: 1,
    maxDelaySeconds: 10,
  },
  {
    because: 'the function was ended from outside, or crashed',
    errors: [
      error('States.Timeout', STEP_FUNCTIONS, "no answer within the state's TimeoutSeconds", ERROR_HANDLING),
      error('Sandbox.Timedout', LAMBDA_RUNTIME, 'the function ran until its timeout', REPORTED_BY_LAMBDA),
      error(
        'Runtime.ExitError',
        LAMBDA_RUNTIME,
        'the process ended, mostly for lack of memory',
        REPORTED_BY_LAMBDA,
      ),
      error('Runtime.OutOfMemory', LAMBDA_RUNTIME, 'the function needed more than its memory', TELEMETRY),
      error('Runtime.NodeJsExit', LAMBDA_RUNTIME, 'Node.js ended before the handler did', NODE_RUNTIME),
      error(
        'Runtime.UnhandledPromiseRejection',
        LAMBDA_RUNTIME,
        'a rejection that nobody awaited',
        NODE_RUNTIME,
      ),
      error('Lambda.Unknown', STEP_FUNCTIONS, 'any of these, from older runtimes', SERVICE_EXCEPTIONS),
    ],
    states: FUNCTIONS,
    intervalSeconds: 5,
    maxAttempts: 1,
    backoffRate: 1,
    maxDelaySeconds: 10,
  },
  {
    because: 'S3 failed to answer Step Functions',
    errors: [
      error('S3.SdkClientException', S3_INTEGRATION, 'no answer', SDK_INTEGRATIONS),
      error(
        'S3.S3Exception',
        S3_INTEGRATION,
        'an answer that has no class of its own, as SlowDown',
        SDK_INTEGRATIONS,
      ),
    ],
    states: ['StartMultipartUpload'],
    intervalSeconds: 2,
    maxAttempts: 4,
    backoffRate: 2,
    maxDelaySeconds: 60,
  },
  {
    because: 'S3 kept Step Functions waiting',
    errors: [
      error(
        'States.Timeout',
        STEP_FUNCTIONS,
        'an upload that S3 started unseen is empty, and expires',
        ERROR_HANDLING,
      ),
    ],
    states: ['StartMultipartUpload'],
    intervalSeconds: 5,
    maxAttempts: 1,
    backoffRate: 1,
    maxDelaySeconds: 10,
  },
  {
    because: 'Step Functions did not start the transfer of a large file',
    errors: [
      error('StepFunctions.SdkClientException', STEP_FUNCTIONS, 'no answer', SDK_INTEGRATIONS),
      error(
        'StepFunctions.SfnException',
        STEP_FUNCTIONS,
        'an answer that has no class of its own',
        SDK_INTEGRATIONS,
      ),
      error(
        'StepFunctions.ExecutionLimitExceededException',
        STEP_FUNCTIONS,
        'too many executions are open in the account',
        START_EXECUTION,
      ),
    ],
    states: ['TransferFile'],
    intervalSeconds: 5,
    maxAttempts: 6,
    backoffRate: 2,
    maxDelaySeconds: 120,
  },
  {
    because: 'EventBridge did not take the event',
    errors: [
      error('States.TaskFailed', STEP_FUNCTIONS, 'any failure of the call', ERROR_HANDLING),
      error('States.Timeout', STEP_FUNCTIONS, 'no answer', ERROR_HANDLING),
    ],
    states: ['AnnounceRun', 'AnnounceFailure'],
    intervalSeconds: 2,
    maxAttempts: 4,
    backoffRate: 2,
    maxDelaySeconds: 60,
  },
  {
    because: 'all that the function may run at a time is running',
    errors: [
      error(
        'Lambda.TooManyRequestsException',
        LAMBDA,
        'over the reserved concurrency or the account limit',
        INVOKE,
      ),
    ],
    states: FUNCTIONS,
    intervalSeconds: 15,
    maxAttempts: 30,
    backoffRate: 2,
    maxDelaySeconds: 300,
  },
  {
    because: 'the function is waking up, or its network is not ready',
    errors: [
      error(
        'Lambda.ResourceNotReadyException',
        LAMBDA,
        'idle for weeks: its network connection is rebuilt',
        INVOKE,
      ),
      error('Lambda.ResourceConflictException', LAMBDA, 'the function is Pending, or being updated', INVOKE),
      error('Lambda.ENINotReadyException', LAMBDA, 'its network interface is not ready', INVOKE),
      error('Lambda.EniNotReadyException', LAMBDA, 'the same', JAVA_SDK),
      error('Lambda.ENILimitReachedException', LAMBDA, 'the VPC has too many network interfaces', INVOKE),
      error('Lambda.EniLimitReachedException', LAMBDA, 'the same', JAVA_SDK),
      error('Lambda.EC2ThrottledException', LAMBDA, 'EC2 throttled Lambda', INVOKE),
      error('Lambda.Ec2ThrottledException', LAMBDA, 'the same', JAVA_SDK),
      error('Lambda.EC2UnexpectedException', LAMBDA, 'EC2 failed Lambda', INVOKE),
      error('Lambda.Ec2UnexpectedException', LAMBDA, 'the same', JAVA_SDK),
      error(
        'Lambda.SubnetIPAddressLimitReachedException',
        LAMBDA,
        'no address is free in the subnets',
        INVOKE,
      ),
      error('Lambda.SubnetIpAddressLimitReachedException', LAMBDA, 'the same', JAVA_SDK),
    ],
    states: FUNCTIONS,
    intervalSeconds: 15,
    maxAttempts: 20,
    backoffRate: 1.5,
    maxDelaySeconds: 60,
  },
  {
    because: 'Lambda itself failed',
    errors: [
      error('Lambda.ServiceException', LAMBDA, 'an internal error', SERVICE_EXCEPTIONS),
      error(
        'Lambda.AWSLambdaException',
        LAMBDA,
        'an answer that has no class of its own',
        SERVICE_EXCEPTIONS,
      ),
      error('Lambda.LambdaException', LAMBDA, 'the same', JAVA_SDK),
      error('Lambda.SdkClientException', STEP_FUNCTIONS, 'no answer', SERVICE_EXCEPTIONS),
      error(
        'Lambda.ClientExecutionTimeoutException',
        STEP_FUNCTIONS,
        'no answer in time',
        SERVICE_EXCEPTIONS,
      ),
    ],
    states: FUNCTIONS,
    intervalSeconds: 2,
    maxAttempts: 6,
    backoffRate: 2,
    maxDelaySeconds: 60,
  },
];

/** The rules of one state, in the workflow's order. */
export function retryRulesOf(state: string): RetryRule[] {
  return RETRY_RULES.filter(({ states }) => states.includes(state));
}

function error(name: string, emittedBy: string, meaning: string, source: string): RetriedError {
  return { name, emittedBy, meaning, source };
}

function ours(name: string, meaning: string): RetriedError {
  return error(name, OURS, meaning, OUR_ERRORS);
}
