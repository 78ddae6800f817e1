import { assertRegularFile, formatModifiedAt } from '../source-file.ts';
import type { ProbeSession } from './ports.ts';
import type { StageName } from './report.ts';
import type { StageLog } from './stage-log.ts';

/** Enough to be several reads of any server, little enough to be quick on any line. */
export const SAMPLE_READ_BYTES = 1024 ** 2;
/** A line that brings a sample slower than this is measured by what came. */
const SAMPLE_TIME_BUDGET_MS = 10_000;

export interface CheckedFile {
  /** As the server resolved it. */
  path: string;
  sizeBytes: number;
}

/**
 * Resolves and stats the file, or, without a path, the folder that the login leads to.
 * @returns the file; undefined without a path
 * @throws StageFailure
 */
export async function statInStages(
  session: ProbeSession,
  requestedPath: string | undefined,
  log: StageLog,
): Promise<CheckedFile | undefined> {
  const path = await log.measure('realpath', async () => {
    const value = await session.realpath(requestedPath ?? '.');
    const summary = requestedPath === undefined ? `the login leads to ${value}` : value;
    return { value, summary, details: { path: value } };
  });
  const stat = await log.measure('stat', async () => {
    const value = await session.stat(path);
    if (requestedPath !== undefined) assertRegularFile(path, value);
    const modifiedAt = formatModifiedAt(value);
    const what = value.kind === 'file' ? `${value.sizeBytes} bytes` : 'a folder; give a path to check a file';
    return {
      value,
      summary: `${what}, modified ${modifiedAt}`,
      details: { kind: value.kind, size_bytes: value.sizeBytes, modified_at: modifiedAt },
    };
  });
  return requestedPath === undefined ? undefined : { path, sizeBytes: stat.sizeBytes };
}

/** Reads at the start, in the middle and at the end. @throws StageFailure */
export async function readInStages(
  session: ProbeSession,
  file: CheckedFile,
  log: StageLog,
  signal: AbortSignal,
): Promise<void> {
  const maxReadBytes = await session.maxReadBytes();
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
      return {
        value: undefined,
        summary: `${bytes} bytes from byte ${startByte}`,
        details: { start_byte: startByte, bytes },
      };
    });
  }
}

/** For a check without a path, or of an empty file. */
export function skipReads(log: StageLog, reason: string): void {
  for (const stage of ['read-start', 'read-middle', 'read-end'] as const) log.skipped(stage, reason);
}
