/**
 * The steps of a transfer. One name everywhere: the folder `lambdas/download-segment`, the state `DownloadSegment`,
 * the placeholder `${DownloadSegmentFunctionArn}`, the construct and the function's name.
 */
export const STEPS = [
  'reserve-sessions',
  'get-file-metadata',
  'resume-upload',
  'create-file-chunks',
  'download-segment',
  'complete-upload',
  'keep-parts',
  'abort-upload',
  'release-sessions',
] as const;

export type Step = (typeof STEPS)[number];

/** The steps of a folder's run, beside the two about sessions; only partners with folders have them. */
export const FOLDER_STEPS = [
  'list-folder',
  'copy-batch',
  'claim-file',
  'commit-file',
  'settle-source',
  'summarise-run',
] as const;

export type FolderStep = (typeof FOLDER_STEPS)[number];
/** The function that all partners share: it sends mails about executions that failed. */
export const NOTIFY_OUTCOME = 'notify-outcome';
/** Shared as well: it looks whether what partners are expected to send has landed. */
export const EVALUATE_EXPECTATIONS = 'evaluate-expectations';

export type AnyStep = Step | FolderStep;
/** Every folder of lambdas/ that is a function. */
export type AnyFunction = AnyStep | typeof NOTIFY_OUTCOME | typeof EVALUATE_EXPECTATIONS;

/** Those that open a session to the partner. */
export const FOLDER_STEPS_WITH_SESSIONS = [
  'list-folder',
  'copy-batch',
  'settle-source',
] as const satisfies readonly FolderStep[];

export type PerFolderStep<Value> = Readonly<Record<FolderStep, Value>>;

export function perFolderStep<Value>(of: (step: FolderStep) => Value): PerFolderStep<Value> {
  return Object.fromEntries(FOLDER_STEPS.map((step) => [step, of(step)])) as PerFolderStep<Value>;
}

/** Those that open a session to the partner. */
export const STEPS_WITH_SESSIONS = [
  'get-file-metadata',
  'resume-upload',
  'download-segment',
  'complete-upload',
] as const satisfies readonly Step[];

/** One value for each step. */
export type PerStep<Value> = Readonly<Record<Step, Value>>;

export function perStep<Value>(of: (step: Step) => Value): PerStep<Value> {
  return Object.fromEntries(STEPS.map((step) => [step, of(step)])) as PerStep<Value>;
}

/** `download-segment` as the workflow names it: `DownloadSegment`. */
export function stateName(step: AnyStep): string {
  return step.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** The workflow's placeholder for the step's function, without `${}`. */
export function functionPlaceholder(step: AnyStep): string {
  return `${stateName(step)}FunctionArn`;
}
