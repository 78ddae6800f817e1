import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { PlannedTransfer } from '../../../transfer/contracts.ts';
import { BUCKET } from '../../support/s3/landing-store.ts';
import { MIB } from '../../support/transfer-rig.ts';
import { EXECUTION_ARN, type Functions, metadataEvent } from './functions.ts';
import type { PartnerRig } from './partner-rig.ts';

/** What EventBridge delivers when an execution has ended without any Catch. */
export const statusChange = (status: string, executionArn = EXECUTION_ARN): object => ({
  version: '0',
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn,
    stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:acme',
    status,
  },
});

/** A history in which GetFileMetadata was retried so often that the upload's event is on a later page. */
export function historyOf(
  upload: object,
  lastEvent: HistoryEvent['type'] = 'ExecutionAborted',
): HistoryEvent[] {
  const event = (id: number, type: HistoryEvent['type'], details: object = {}): HistoryEvent =>
    ({ id, previousEventId: id - 1, type, ...details }) as HistoryEvent;
  const retries = Array.from({ length: 120 }, (_, index) =>
    event(index + 2, index % 2 === 0 ? 'LambdaFunctionScheduled' : 'LambdaFunctionFailed'),
  );
  const metadata = { output: '{"file":{}}', resource: 'invoke', resourceType: 'lambda' };
  const created = {
    output: JSON.stringify(upload),
    resource: 'createMultipartUpload',
    resourceType: 'aws-sdk:s3',
  };
  return [
    event(1, 'ExecutionStarted'),
    ...retries,
    event(122, 'TaskSucceeded', { taskSucceededEventDetails: metadata }),
    event(123, 'TaskSucceeded', { taskSucceededEventDetails: created }),
    event(124, 'MapStateStarted'),
    event(125, lastEvent),
  ];
}

/** Plans a transfer, starts its upload and copies one chunk, then ends it so that no Catch runs. @returns the upload's id */
export async function endWithoutCatch(
  rig: PartnerRig,
  { aws, invoke }: Functions,
  lastEvent?: HistoryEvent['type'],
): Promise<string> {
  const { path } = await rig.put('big.bin', 12 * MIB);
  const file = (await invoke(
    'get-file-metadata',
    metadataEvent({ sftp_file_path: path }),
  )) as PlannedTransfer;
  const { key, object_metadata: Metadata } = file;
  const target = { Bucket: BUCKET, Key: key, ChecksumAlgorithm: 'CRC64NVME' as const, Metadata };
  const { UploadId } = await rig.s3.send(new CreateMultipartUploadCommand(target));
  const segment = { segment_number: 1, next_chunk: 1, last_chunk: 1, workers_left: 1 };
  const upload = { execution_id: EXECUTION_ARN, upload_id: UploadId };
  await invoke('download-segment', { ...upload, file, chunk_size_bytes: 5 * MIB, segment });
  aws.histories.set(EXECUTION_ARN, historyOf({ Bucket: BUCKET, Key: key, UploadId }, lastEvent));
  return String(UploadId);
}
