/**
 * Names one run over a folder, `local-<start>-<unique>` or `run-<start>-<execution>`. The start is in it, so that a later
 * run can fill a key as this one did.
 * @param startedMs the moment that `{run:…}` and `{date:…}` are filled from
 */
export function makeRunId(host: 'local' | 'run', startedMs: number, unique: string): string {
  return `${host}-${new Date(startedMs).toISOString().replace(/[-:.]/g, '')}-${unique}`;
}

const RUN_ID = /^(?:local|run)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/;

/** When the run of that id, or of an owner that begins with it, began; undefined for any other text. */
export function runStartOf(owner: string): number | undefined {
  const parts = RUN_ID.exec(owner)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

/** The owner of a large file's claim in a run on AWS. */
export function largeFileOwner(runId: string, number: number): string {
  return `${runId}/large-${number}`;
}

/**
 * Whether an owner is one of those: their leases are as long as a transfer may take, so that whether the run still works
 * on the file is asked of Step Functions.
 */
export function isLargeFileClaim(owner: string): boolean {
  return executionNameOf(owner) !== undefined && /\/large-\d+$/.test(owner);
}

/** The name of the execution whose worker an owner is; undefined for the owner of a local run. */
export function executionNameOf(owner: string): string | undefined {
  if (!owner.startsWith('run-') || !RUN_ID.test(owner)) return undefined;
  // An execution's name has no slash; the worker's part follows the first one.
  return owner.replace(RUN_ID, '').split('/')[0];
}
