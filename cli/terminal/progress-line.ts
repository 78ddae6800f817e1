import { formatDuration } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';

/** How far a transfer, or a run over a folder, is, wherever it runs. */
export interface TransferProgress {
  doneBytes: number;
  sizeBytes: number;
  /** Of the last seconds; 0 while nothing comes. */
  bytesPerSecond: number;
  chunksDone: number;
  /** Undefined before the chunks are planned. */
  chunkCount: number | undefined;
  /** Of a run over a folder, in place of chunks. */
  files?: { done: number; count: number; failed: number };
  /** Attempts after a failure. */
  retries: number;
  /** Name of the error that was retried last. */
  lastError?: string | undefined;
}

/** Shows how far a transfer is. */
export interface ProgressDisplay {
  /** The object may change afterwards: what it says then is what is shown. */
  draw(progress: TransferProgress): void;
  /** Shows a line of its own above what is drawn. */
  note(line: string): void;
  /** Nothing is shown any more; the cursor is back. Safe to call twice. */
  stop(): void;
  /** The same where something else was printed below what is drawn, as at Ctrl-C: that is not drawn again. */
  leave(): void;
}

/** Below this, a bar says nothing that the figure does not. */
const MIN_BAR_COLUMNS = 8;
const MAX_BAR_COLUMNS = 40;

/**
 * One line of at most `columns` characters: the figures first, in the order of what an operator needs, the bar in what
 * is left, of ASCII characters where others cannot be shown. A figure that does not fit is shortened, or left out whole with
 * those after it.
 */
export function progressLine(
  progress: TransferProgress,
  columns: number,
  { bar = true, ascii = false } = {},
): string {
  let line = '';
  for (const forms of figuresOf(progress)) {
    const [longer] = forms
      .map((figure) => (line === '' ? figure : `${line} | ${figure}`))
      .filter((candidate) => candidate.length <= columns);
    if (longer === undefined) return line;
    line = longer;
  }
  if (!bar) return line;
  const left = Math.min(MAX_BAR_COLUMNS, columns - line.length - 1);
  return left < MIN_BAR_COLUMNS
    ? line
    : `${line} ${drawnBar(fractionOf(progress), left, ascii ? '#.' : '█░')}`;
}

/** Each figure in all its forms, the longest first. */
function figuresOf(progress: TransferProgress): string[][] {
  const { doneBytes, sizeBytes, bytesPerSecond, chunksDone, chunkCount, files, retries, lastError } =
    progress;
  const isCompleting =
    files === undefined ? chunkCount !== undefined && chunksDone >= chunkCount : files.done >= files.count;
  const toGo = bytesPerSecond > 0 ? formatDuration((sizeBytes - doneBytes) / bytesPerSecond) : '-';
  return [
    [`${Math.floor(fractionOf(progress) * 100)}%`],
    ...(files === undefined ? [] : [[`files ${files.done}/${files.count}`]]),
    ...(files !== undefined && files.failed > 0 ? [[`failed ${files.failed}`]] : []),
    [`${formatSize(doneBytes)} of ${formatSize(sizeBytes)}`],
    [bytesPerSecond < 1 ? '0 B/s' : `${formatSize(Math.round(bytesPerSecond))}/s`],
    [isCompleting ? 'completing' : `${toGo} to go`],
    ...(retries > 0 ? [retryForms(retries, lastError)] : []),
    ...(files === undefined ? [[`chunks ${chunksDone}/${chunkCount ?? '?'}`]] : []),
  ];
}

function retryForms(retries: number, lastError: string | undefined): string[] {
  const count = `retries ${retries}`;
  return lastError === undefined ? [count] : [`${count} (${lastError})`, count];
}

function fractionOf({ doneBytes, sizeBytes, chunksDone, files }: TransferProgress): number {
  if (sizeBytes === 0 && files !== undefined) return files.done / files.count;
  if (sizeBytes === 0) return chunksDone > 0 ? 1 : 0;
  return Math.min(1, doneBytes / sizeBytes);
}

function drawnBar(fraction: number, columns: number, [done = '', left = '']: string): string {
  const full = Math.round(fraction * columns);
  return done.repeat(full) + left.repeat(columns - full);
}
