import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { EXECUTION_ARN, metadataEvent, withFunctions } from './support/functions.ts';
import { withPartner } from './support/partner-rig.ts';

/** What EventBridge delivers when an execution has ended without any Catch. */
const statusChange = (status: string, executionArn = EXECUTION_ARN): object => ({
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
function historyOf(upload: object): HistoryEvent[] {
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
    event(125, 'ExecutionAborted'),
  ];
}

describeFault('F16', 'an execution is stopped, or times out, in mid-transfer: no Catch runs', (tell) => {
  test.each(['ABORTED', 'TIMED_OUT'])('%s: AbortUpload finds the upload in the history', async (status) => {
    await withPartner(async (rig) => {
      await withFunctions(rig, async ({ aws, invoke }) => {
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
        aws.histories.set(EXECUTION_ARN, historyOf({ Bucket: BUCKET, Key: key, UploadId }));
        expect(await rig.store.openUploads()).toEqual([UploadId]);

        const first = await invoke('abort-upload', statusChange(status));
        const again = await invoke('abort-upload', statusChange(status));

        expect(first).toEqual({ aborted_uploads: 1 });
        expect(again).toEqual({ aborted_uploads: 0 }); // EventBridge delivers at least once
        expect(await rig.store.openUploads()).toEqual([]);
        const pages = aws.calls.filter((call) => call === 'GetExecutionHistory').length / 2;
        expect(pages).toBe(2);
        tell(`${status}: found on page ${pages} of the history, 1 upload aborted, 0 the second time`);
      });
    });
  });

  test('stopped before any upload was started: nothing to do', async () => {
    await withPartner(async (rig) => {
      await withFunctions(rig, async ({ aws, invoke }) => {
        aws.histories.set(EXECUTION_ARN, historyOf({}).slice(0, 3));
        await expect(invoke('abort-upload', statusChange('ABORTED'))).resolves.toEqual({
          aborted_uploads: 0,
        });
        tell('before an upload: nothing to abort');
      });
    });
  });

  test('local mode: Ctrl-C in mid-transfer aborts the upload and ends the sessions', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', 30 * MIB);
      const stop = new AbortController();

      const { outcome } = await rig.transfer(
        rig.source(),
        { sftp_file_path: path, target_s3_key: 'big' },
        { signal: stop.signal, observer: { chunkLanded: () => stop.abort() } },
      );

      expect(outcome.status).toBe('ABORTED');
      expect(await rig.store.keys('big')).toEqual([]);
      tell('local mode: aborted');
    });
  });
});
