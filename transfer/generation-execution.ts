import { createHash } from 'node:crypto';

/**
 * The execution that an object names as its maker when it is one generation of a folder's file. By it a later run
 * finds that a run which was cut off had made the object already.
 */
export function generationExecution(runId: string, generation: number): string {
  return `${runId}:generation-${generation}`;
}

/**
 * Names the transfer of one generation on AWS, where a name has no colon. Equal for every call about this file in this
 * run, so that a start whose answer was lost is not a second one.
 */
export function generationExecutionName(runId: string, path: string, generation: number): string {
  const key = createHash('sha256')
    .update(JSON.stringify([runId, path]))
    .digest('hex')
    .slice(0, 32);
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
