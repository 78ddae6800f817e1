/** An execution that is over. */
export interface EndedExecution {
  arn: string;
  name: string;
  /** As it was given, parsed; undefined where it cannot be read. */
  input: unknown;
  error?: string;
  /** As AWS has it: a failed function's is JSON. */
  cause?: string;
  startedAtMs: number;
  endedAtMs: number;
}

/** Reads executions that are over. */
export interface Outcomes {
  describe(executionArn: string, signal: AbortSignal): Promise<EndedExecution>;
  /**
   * Failed executions that were started since then, at most the newest 100.
   * @param isWanted decides by the name, before anything else of an execution is read
   */
  failedSince(
    stateMachineArn: string,
    sinceMs: number,
    isWanted: (name: string) => boolean,
    signal: AbortSignal,
  ): Promise<EndedExecution[]>;
  /** What a transfer knew when it gave its sessions back, its last step; undefined where it ended before. */
  stateAtEnd(executionArn: string, signal: AbortSignal): Promise<unknown>;
}

export interface Mail {
  /** ASCII, at most 100 characters: docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  subject: string;
  body: string;
}

export interface Mailer {
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** What the stack says of itself in a mail. */
export interface MailSettings {
  stackName: string;
  /** By its name: whom to write to; empty where the configuration does not say. */
  partners: Readonly<Record<string, string>>;
  /** Where runbooks can be read in a browser; their folder in the repository where nowhere. */
  runbookBaseUrl: string;
}
