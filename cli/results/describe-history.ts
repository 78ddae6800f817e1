import { counted } from '../../transfer/text/counted.ts';
import { formatDuration, formatRate, formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { textTable } from '../format/text-table.ts';
import { type ChunkFigures, figuresOf } from '../timeline/figures.ts';
import type { TimelineAttempt, TransferTimeline } from '../timeline/transfer-timeline.ts';
import { outcomeAsJson, outcomeForPeople } from './describe-transfer.ts';
import { joinPolls } from './join-polls.ts';

const SLOWEST_SHOWN = 5;

/** A history of thousands of events, condensed. */
export interface HistorySummary {
  /** Runs of the states that work on the whole file, in their order. */
  steps: readonly TimelineAttempt[];
  /** Failed attempts by name, those that a retry made good included; the most frequent first. */
  errors: readonly { name: string; times: number; lastCause: string }[];
  /** The chunks that took longest, from their first read to the answer of S3. */
  slowest: readonly ChunkFigures[];
  chunkSeconds: { p50: number; p95: number; max: number } | undefined;
}

export function summarizeHistory(timeline: TransferTimeline): HistorySummary {
  const { chunks, chunkSeconds } = figuresOf(timeline);
  const failures = [...timeline.steps, ...timeline.segments.flatMap(({ workers }) => workers)]
    .filter(({ outcome }) => outcome === 'failed')
    .sort((a, b) => a.endedAtMs - b.endedAtMs);
  const byName = Map.groupBy(failures, ({ error }) => error?.name ?? 'unknown error');
  return {
    steps: timeline.steps,
    errors: [...byName]
      .map(([name, ofName]) => ({
        name,
        times: ofName.length,
        lastCause: ofName.at(-1)?.error?.message ?? '',
      }))
      .sort((a, b) => b.times - a.times),
    slowest: chunks.toSorted((a, b) => tookMs(b) - tookMs(a)).slice(0, SLOWEST_SHOWN),
    chunkSeconds,
  };
}

export function historyAsJson(timeline: TransferTimeline): Record<string, unknown> {
  const { steps, errors, slowest, chunkSeconds } = summarizeHistory(timeline);
  return {
    ...outcomeAsJson(timeline),
    input: timeline.input ?? null,
    steps: steps.map(({ step, startedAtMs, endedAtMs, outcome, error }) => ({
      step,
      started_at: new Date(startedAtMs).toISOString(),
      seconds: (endedAtMs - startedAtMs) / 1000,
      outcome,
      ...(error !== undefined && { error: error.name }),
    })),
    errors: errors.map(({ name, times, lastCause }) => ({ name, times, last_cause: lastCause })),
    chunk_seconds: chunkSeconds ?? null,
    slowest_chunks: slowest.map((figures) => ({
      chunk_number: figures.chunk.number,
      seconds: tookMs(figures) / 1000,
      size_bytes: figures.chunk.sizeBytes,
      attempts: workersOf(timeline, figures),
      landed: true,
      segment_number: figures.chunk.segmentNumber,
      sftp_seconds: secondsOrNull(figures.chunk.waits?.sftpMs),
      s3_seconds: secondsOrNull(figures.chunk.waits?.s3Ms),
    })),
  };
}

export function historyForPeople(timeline: TransferTimeline): string {
  const { steps, errors, slowest, chunkSeconds } = summarizeHistory(timeline);
  const { file, requestedPath, plan, startedAtMs } = timeline;
  const after = (ms: number) => formatDuration((ms - startedAtMs) / 1000);
  const sections = [
    [
      file?.path ?? requestedPath ?? timeline.executionId,
      `started ${formatTime(startedAtMs)}${file === undefined ? '' : `, ${formatSize(file.sizeBytes)}`}` +
        (plan === undefined
          ? ''
          : `, ${counted(plan.chunkCount, 'chunk')} of ${formatSize(plan.chunkSizeBytes)}, ${plan.maxConcurrency} at a time`),
      ...(timeline.input === undefined ? [] : [`input ${JSON.stringify(timeline.input)}`]),
      outcomeForPeople(timeline),
    ].join('\n'),
    textTable(
      ['STEP', 'AFTER', 'TOOK', 'OUTCOME'],
      joinPolls(steps).map(({ attempt, polls }) => [
        attempt.step,
        after(attempt.startedAtMs),
        formatDuration((attempt.endedAtMs - attempt.startedAtMs) / 1000),
        (attempt.error === undefined ? attempt.outcome : `${attempt.outcome}: ${attempt.error.name}`) +
          (polls === 1 ? '' : `, ${polls} polls`),
      ]),
    ),
    errors.length === 0
      ? 'No attempt failed.'
      : textTable(
          ['ERROR', 'TIMES', 'LAST CAUSE'],
          errors.map(({ name, times, lastCause }) => [name, String(times), lastCause]),
        ),
  ];
  if (slowest.length > 0) sections.push(describeChunks(slowest, chunkSeconds, after));
  return sections.join('\n\n');
}

function describeChunks(
  slowest: readonly ChunkFigures[],
  chunkSeconds: HistorySummary['chunkSeconds'],
  after: (ms: number) => string,
): string {
  const usual =
    chunkSeconds === undefined
      ? 'No chunk has landed. '
      : `Half of the chunks took at most ${formatDuration(chunkSeconds.p50)}, 95 % at most ${formatDuration(chunkSeconds.p95)}. `;
  return `${usual}The slowest:\n${textTable(
    ['CHUNK', 'SEGMENT', 'AFTER', 'TOOK', 'SIZE', 'RATE', 'FOR SERVER', 'FOR S3'],
    slowest.map((figures) => [
      String(figures.chunk.number),
      String(figures.chunk.segmentNumber),
      after(figures.startedAtMs),
      formatDuration(tookMs(figures) / 1000),
      formatSize(figures.chunk.sizeBytes),
      formatRate(figures.bytesPerSecond),
      waited(figures.chunk.waits?.sftpMs),
      waited(figures.chunk.waits?.s3Ms),
    ]),
  )}`;
}

/** Workers that were started for the segment of a chunk, failed ones included. */
function workersOf({ segments }: TransferTimeline, { chunk }: ChunkFigures): number {
  return segments.find(({ number }) => number === chunk.segmentNumber)?.workers.length ?? 0;
}

function waited(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms / 1000);
}

function secondsOrNull(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}

function tookMs({ startedAtMs, endedAtMs }: ChunkFigures): number {
  return endedAtMs - startedAtMs;
}
