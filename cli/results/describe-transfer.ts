import { runbookOf } from '../../transfer/runbook.ts';
import { counted } from '../../transfer/text/counted.ts';
import { MIB } from '../../transfer/text/units.ts';
import { countOf, formatDuration } from '../format/numbers.ts';
import { figuresOf } from '../timeline/figures.ts';
import type { TimelineRetry, TransferTimeline } from '../timeline/transfer-timeline.ts';
import { describeLanded } from './describe-landed.ts';
import { describePartnerWait } from './describe-partner-wait.ts';
import { retriesAsJson, waitsForPeople } from './describe-retry.ts';

/** How far an execution is, or how it ended, as the last line of `--json`. */
export function outcomeAsJson(timeline: TransferTimeline): Record<string, unknown> {
  const { file, plan, object, failure } = timeline;
  const { seconds, retries, landedChunks, landedBytes } = figuresOf(timeline);
  return {
    status: timeline.status,
    execution: timeline.executionId,
    started_at: new Date(timeline.startedAtMs).toISOString(),
    seconds: Number(seconds.toFixed(3)),
    path: file?.path ?? timeline.requestedPath ?? null,
    size_bytes: file?.sizeBytes ?? null,
    chunks: plan?.chunkCount ?? null,
    chunks_landed: landedChunks,
    bytes_landed: landedBytes,
    retries,
    mib_per_second: Number((landedBytes / MIB / Math.max(seconds, 0.001)).toFixed(1)),
    bucket: file?.bucket ?? null,
    key: file?.key ?? null,
    checksum_crc64nvme: object?.checksumCrc64Nvme ?? null,
    ...(timeline.waiting !== undefined && { transfers_ahead: timeline.waiting.transfersAhead }),
    ...(waitingRetries(timeline).length > 0 && { retrying: retriesAsJson(waitingRetries(timeline)) }),
    ...(timeline.narrowed !== undefined && { sessions: timeline.narrowed }),
    ...(timeline.partnerWait !== undefined && { partner_awaited: partnerWaitAsJson(timeline.partnerWait) }),
    ...(file?.previousSecret && { previous_secret: true }),
    ...(failure !== undefined && { error: failure.name, cause: failure.cause }),
  };
}

/** That a transfer waits, and for how many others. */
export function waitingForPeople({ transfersAhead }: NonNullable<TransferTimeline['waiting']>): string {
  return `Waiting for sessions of the partner: ${countOf(transfersAhead, 'transfer')} ahead`;
}

/** That a transfer was given less than it asked for. */
export function narrowedForPeople({ granted, wanted }: NonNullable<TransferTimeline['narrowed']>): string {
  return `${countOf(granted, 'session')} at a time instead of ${wanted}: that is all that the partner grants, or that others leave`;
}

/** That it waits for a partner who cannot be reached. */
export function partnerWaitForPeople(
  { lost, sinceMs, nextTryByMs }: NonNullable<TransferTimeline['partnerWait']>,
  nowMs: number,
): string {
  const waitSeconds = Math.max(0, Math.ceil((nextTryByMs - nowMs) / 1_000));
  return describePartnerWait({ lost, sinceMs, waitSeconds });
}

function partnerWaitAsJson({ lost, sinceMs, nextTryByMs }: NonNullable<TransferTimeline['partnerWait']>) {
  return {
    error: lost.name,
    cause: lost.message,
    since: new Date(sinceMs).toISOString(),
    next_try_by: new Date(nextTryByMs).toISOString(),
  };
}

function waitingRetries({ retried = [] }: TransferTimeline): TimelineRetry[] {
  return retried.filter(({ isWaiting }) => isWaiting);
}

/** A transfer goes on by the version before, so that nobody else would hear of it until that one is gone. */
const SECRET_WARNING =
  'WARNING: the partner refused the present version of the secret, and took the one before. Put the right login into ' +
  'the secret: the next rotation removes the one that works.';

/** How far an execution is, or how it ended, for people to read. */
export function outcomeForPeople(timeline: TransferTimeline): string {
  return [
    progressForPeople(timeline),
    ...(timeline.narrowed === undefined ? [] : [`  ${narrowedForPeople(timeline.narrowed)}`]),
    ...(timeline.file?.previousSecret ? [SECRET_WARNING] : []),
  ].join('\n');
}

function progressForPeople(timeline: TransferTimeline): string {
  const { status, file, object, failure, plan } = timeline;
  const { seconds, bytesPerSecond, landedChunks, retries, logins } = figuresOf(timeline);
  const took = formatDuration(seconds);
  const retried = countOf(retries, 'retry', 'retries');
  const progress =
    plan === undefined ? 'no chunk was planned' : `${landedChunks} of ${counted(plan.chunkCount, 'chunk')}`;
  const chunks = `${progress}, ${retried}`;
  if (timeline.waiting !== undefined) return `${waitingForPeople(timeline.waiting)}; started ${took} ago`;
  if (status === 'RUNNING') {
    const { partnerWait, endedAtMs } = timeline;
    const waits = [
      ...(partnerWait === undefined ? [] : [partnerWaitForPeople(partnerWait, endedAtMs)]),
      ...waitsForPeople(waitingRetries(timeline)),
    ];
    return [`Running for ${took}: ${chunks}`, ...waits.map((line) => `  ${line}`)].join('\n');
  }
  if (status === 'SUCCEEDED' && file !== undefined) {
    return describeLanded({
      ...file,
      chunkCount: plan?.chunkCount ?? landedChunks,
      seconds,
      bytesPerSecond,
      retries,
      reconnects: logins.reconnects,
      checksumCrc64Nvme: object?.checksumCrc64Nvme,
    });
  }
  const words = { FAILED: 'Failed', TIMED_OUT: 'Timed out', ABORTED: 'Stopped', SUCCEEDED: 'Succeeded' }[
    status
  ];
  const runbook = failure === undefined ? undefined : runbookOf(failure.name);
  return [
    `${words}${failure === undefined ? '' : `: ${failure.name}`} after ${took} (${chunks})`,
    ...(failure === undefined || failure.cause === '' ? [] : [`  ${failure.cause}`]),
    ...(runbook === undefined ? [] : [`  What to do: ${runbook}`]),
  ].join('\n');
}
