/**
 * The execution that an object names as its maker when it is one generation of a folder's file. By it a later run
 * finds that a run which was cut off had made the object already.
 */
export function generationExecution(runId: string, generation: number): string {
  return `${runId}:generation-${generation}`;
}

/** Names the transfer of one generation on AWS, where a name has no colon. @param key differs for each file and run */
export function generationExecutionName(key: string, generation: number): string {
  return `${key}-generation-${generation}`;
}

/** Whether any run made this generation. */
export function isOfGeneration(execution: string | undefined, generation: number): boolean {
  return /[:-]generation-(\d+)$/.exec(execution ?? '')?.[1] === String(generation);
}

/** Whether an execution on AWS is a transfer that a folder's run started: the run reports it. */
export function isFolderTransfer(executionName: string): boolean {
  return /-generation-\d+$/.test(executionName);
}
