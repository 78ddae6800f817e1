import type { TransferOutcome } from '../../local/local-transfer.ts';
import type { ChunkPlan, ResumedUpload } from '../../transfer/contracts.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import { MIB } from '../../transfer/text/units.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { TransferFigures } from '../timeline/figures.ts';
import { describeLanded } from './describe-landed.ts';
import { remainsAsJson, remainsForPeople } from './uploads/describe-remains.ts';
import { resumedAsJson } from './uploads/describe-resumed.ts';

export function exitCodeOf(outcome: TransferOutcome): number {
  return { SUCCEEDED: EXIT_CODES.ok, FAILED: EXIT_CODES.failed, ABORTED: EXIT_CODES.interrupted }[
    outcome.status
  ];
}

/** What went wrong on the way, and was put right. */
type TroubleFigures = Pick<TransferFigures, 'retries' | 'logins'>;

/** The outcome as the last line of `--json`. */
export function describeAsJson(
  outcome: TransferOutcome,
  plan: ChunkPlan | undefined,
  resumed?: ResumedUpload,
  figures?: TroubleFigures,
): Record<string, unknown> {
  return {
    ...outcomeAsJson(outcome, plan),
    ...(figures && { retries: figures.retries, reconnects: figures.logins.reconnects }),
    ...(resumed && resumedAsJson(resumed)),
  };
}

function outcomeAsJson(outcome: TransferOutcome, plan: ChunkPlan | undefined): Record<string, unknown> {
  const seconds = Number(outcome.seconds.toFixed(3));
  if (outcome.status === 'ABORTED') {
    const cause = 'stopped before the end';
    return {
      status: outcome.status,
      error: 'Interrupted',
      cause,
      seconds,
      ...remainsAsJson(outcome.remains),
    };
  }
  if (outcome.status === 'FAILED') {
    const { status, error } = outcome;
    return { status, error, cause: readableCause(outcome.cause), seconds, ...remainsAsJson(outcome.remains) };
  }
  const { object } = outcome;
  return {
    status: outcome.status,
    size_bytes: object.size_bytes,
    chunks: plan?.chunk_count ?? object.parts,
    seconds,
    mib_per_second: Number((object.size_bytes / MIB / outcome.seconds).toFixed(1)),
    checksum_crc64nvme: object.checksum_crc64nvme,
    bucket: object.bucket,
    key: object.key,
  };
}

/**
 * The outcome for people.
 * @param endpointUrl of a store that is not AWS's own
 */
export function describeForPeople(
  outcome: TransferOutcome,
  plan: ChunkPlan | undefined,
  endpointUrl?: string,
  figures?: TroubleFigures,
): string {
  if (outcome.status === 'ABORTED')
    return ['Stopped.', ...remainsForPeople(outcome.remains, endpointUrl)].join('\n  ');
  if (outcome.status === 'FAILED') {
    const remains = remainsForPeople(outcome.remains, endpointUrl);
    return [`Failed: ${outcome.error}`, readableCause(outcome.cause), ...remains].join('\n  ');
  }
  const { object, seconds } = outcome;
  return describeLanded({
    bucket: object.bucket,
    key: object.key,
    sizeBytes: object.size_bytes,
    chunkCount: plan?.chunk_count ?? object.parts,
    seconds,
    bytesPerSecond: object.size_bytes / seconds,
    checksumCrc64Nvme: object.checksum_crc64nvme,
    ...(figures && { retries: figures.retries, reconnects: figures.logins.reconnects }),
  });
}
