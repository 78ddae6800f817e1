import { formatDuration, formatRate, formatTime } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { textTable } from '../format/text-table.ts';
import { type ChunkFigures, figuresOf } from '../timeline/figures.ts';
import type { TimelineAttempt, TransferTimeline } from '../timeline/transfer-timeline.ts';
import { outcomeAsJson, outcomeForPeople } from './describe-transfer.ts';

const SLOWEST_SHOWN = 5;

/** A history of thousands of events, condensed. */
export interface HistorySummary {
  /** Runs of the states that work on the whole file, in their order. */
  steps: readonly TimelineAttempt[];
  /** Failed attempts by name, those that a retry made good included; the most frequent first. */
  errors: readonly { name: string; times: number; lastCause: string }[];
  /** The chunks that took longest, from their first attempt to their last answer. */
  slowest: readonly ChunkFigures[];
  chunkSeconds: { p50: number; p95: number; max: number } | undefined;
}

export function summarizeHistory(timeline: TransferTimeline): HistorySummary {
  const { chunks, chunkSeconds } = figuresOf(timeline);
  const failures = [...timeline.steps, ...timeline.chunks.flatMap(({ attempts }) => attempts)]
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
      attempts: figures.chunk.attempts.length,
      landed: figures.landed,
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
          : `, ${plan.chunkCount} chunks of ${formatSize(plan.chunkSizeBytes)}, ${plan.maxConcurrency} at a time`),
      outcomeForPeople(timeline),
    ].join('\n'),
    textTable(
      ['STEP', 'AFTER', 'TOOK', 'OUTCOME'],
      steps.map((attempt) => [
        attempt.step,
        after(attempt.startedAtMs),
        formatDuration((attempt.endedAtMs - attempt.startedAtMs) / 1000),
        attempt.error === undefined ? attempt.outcome : `${attempt.outcome}: ${attempt.error.name}`,
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
    ['CHUNK', 'AFTER', 'TOOK', 'SIZE', 'RATE', 'ATTEMPTS', 'OUTCOME'],
    slowest.map((figures) => [
      String(figures.chunk.number),
      after(figures.startedAtMs),
      formatDuration(tookMs(figures) / 1000),
      formatSize(figures.chunk.sizeBytes),
      figures.bytesPerSecond === undefined ? '–' : formatRate(figures.bytesPerSecond),
      String(figures.chunk.attempts.length),
      figures.landed ? 'landed' : (figures.chunk.attempts.at(-1)?.outcome ?? '–'),
    ]),
  )}`;
}

function tookMs({ startedAtMs, endedAtMs }: ChunkFigures): number {
  return endedAtMs - startedAtMs;
}
