import { assertReadable, statResolved } from '../../transfer/source/locate-file.ts';
import { assertUnchanged, formatModifiedAt, proveEnd } from '../../transfer/source-file.ts';
import { counted } from '../../transfer/text/counted.ts';
import type { ProbeSession } from '../ports.ts';
import type { StageName } from '../report.ts';
import type { StageLog } from '../stage-log.ts';

/** Enough to be several reads of any server, little enough to be quick on any line. */
const SAMPLE_READ_BYTES = 1024 ** 2;
const READ_STAGES = [
  'read-start',
  'read-middle',
  'read-end',
  'throughput-one-channel',
  'throughput-many-channels',
  'unchanged',
] as const;
/** A line that brings a sample slower than this is measured by what came. */
const SAMPLE_TIME_BUDGET_MS = 10_000;

export interface CheckedFile {
  /** As the server resolved it. */
  path: string;
  sizeBytes: number;
  /** ISO 8601 */
  modifiedAt: string;
}

/**
 * Resolves and stats the file or the folder, or, without a path, the folder that the login leads to.
 * @returns a file, or the path of a folder; undefined without a path
 * @throws StageFailure
 */
export async function statInStages(
  session: ProbeSession,
  requestedPath: string | undefined,
  log: StageLog,
  signal: AbortSignal,
): Promise<CheckedFile | { folder: string } | undefined> {
  const resolved = await log.measure('realpath', async () => {
    const value = await session.realpath(requestedPath ?? '.', signal);
    const summary = requestedPath === undefined ? `the login leads to ${value}` : value;
    return { value, summary, details: { path: value } };
  });
  const file = await log.measure('stat', async () => {
    const { path, stat } = await statResolved(session, resolved, requestedPath ?? resolved, signal);
    const { kind, sizeBytes } = stat;
    const isFolder = kind === 'directory';
    if (requestedPath !== undefined && !isFolder) await assertReadable(path, stat, session, signal);
    const modifiedAt = formatModifiedAt(stat);
    const found = isFolder ? 'a folder' : counted(sizeBytes, 'byte');
    const what = requestedPath === undefined ? 'a folder; give a path to check a file' : found;
    return {
      value: isFolder ? { folder: path } : { path, sizeBytes, modifiedAt },
      summary: `${what}, modified ${modifiedAt}`,
      details: { kind, size_bytes: sizeBytes, modified_at: modifiedAt },
    };
  });
  return requestedPath === undefined ? undefined : file;
}

/** Reads at the start, in the middle, and at the end, behind which there must be nothing. @throws StageFailure */
export async function readInStages(
  session: ProbeSession,
  file: CheckedFile,
  log: StageLog,
  signal: AbortSignal,
): Promise<void> {
  const maxReadBytes = await session.maxReadBytes(signal);
  const lengthBytes = Math.min(SAMPLE_READ_BYTES, file.sizeBytes);
  const lastStartByte = file.sizeBytes - lengthBytes;
  const places: [StageName, number][] = [
    ['read-start', 0],
    ['read-middle', Math.floor(lastStartByte / 2)],
    ['read-end', lastStartByte],
  ];
  for (const [stage, startByte] of places) {
    await log.measure(stage, async () => {
      const range = { path: file.path, startByte, endByte: startByte + lengthBytes };
      const limits = { maxReadBytes, maxChannels: 1, timeBudgetMs: SAMPLE_TIME_BUDGET_MS };
      const { bytes } = await session.measureRead(range, limits, signal);
      if (stage === 'read-end') await proveEnd(file.path, file.sizeBytes, session, signal);
      return {
        value: undefined,
        summary: `${counted(bytes, 'byte')} from byte ${startByte}${stage === 'read-end' ? ', and nothing behind them' : ''}`,
        details: { start_byte: startByte, bytes },
      };
    });
  }
}

/** Checks the file again: one that is still being written fails every transfer. @throws StageFailure */
export async function compareInStages(
  session: ProbeSession,
  file: CheckedFile,
  log: StageLog,
  signal: AbortSignal,
): Promise<void> {
  await log.measure('unchanged', async () => {
    const { path, sizeBytes, modifiedAt } = file;
    const planned = { path, size_bytes: sizeBytes, modified_at: modifiedAt };
    assertUnchanged(planned, await session.stat(path, signal));
    return { value: undefined, summary: 'size and time are as they were when the check began' };
  });
}

/** For a check without a path, or of an empty file. */
export function skipReads(log: StageLog, reason: string): void {
  for (const stage of READ_STAGES) log.skipped(stage, reason);
}
