import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import type { S3Fault, S3Request } from '../support/s3/s3-fault-front.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import {
  createUpload,
  EXECUTION_ARN,
  type Functions,
  metadataEvent,
  withFunctions,
} from './support/functions.ts';
import { type PartnerRig, withPartner } from './support/partner-rig.ts';

/** The functions keep ten seconds for their end, so this is three seconds of work: a busy machine logs in within it. */
const NEARLY_OVER_MS = 13_000;
/** Later, and Lambda has killed the function. */
const OVER_SECONDS = NEARLY_OVER_MS / 1_000;
const SIZE_BYTES = 5 * MIB;

/** Plans the transfer of one file, and starts its upload, as the states before the Map do. */
async function plan(rig: PartnerRig, { invoke }: Functions) {
  const { path } = await rig.put('big.bin', SIZE_BYTES);
  const file = (await invoke(
    'get-file-metadata',
    metadataEvent({ sftp_file_path: path }),
  )) as PlannedTransfer;
  const upload_id = await createUpload(rig, file);
  const upload = { execution_id: EXECUTION_ARN, upload_id, bucket: BUCKET, key: file.key };
  const segment = { segment_number: 1, next_chunk: 1, last_chunk: 1, workers_left: 1 };
  return {
    downloadSegment: { execution_id: EXECUTION_ARN, upload_id, file, chunk_size_bytes: SIZE_BYTES, segment },
    completeUpload: {
      execution_id: EXECUTION_ARN,
      upload_id,
      file,
      chunk_size_bytes: SIZE_BYTES,
      chunk_count: 1,
    },
    upload,
  };
}

async function failureOf(invocation: Promise<unknown>): Promise<{ error: Error; seconds: number }> {
  const startedMs = performance.now();
  const error = await invocation.then(
    () => new Error('it succeeded'),
    (thrown: Error) => thrown,
  );
  return { error, seconds: (performance.now() - startedMs) / 1000 };
}

describeFault('F14', "the function's time runs out", (tell) => {
  test('DownloadSegment, from a slow server: says bytes done, rate, and what to change', async () => {
    await withPartner(async (rig) => {
      await withFunctions(rig, async (functions) => {
        const { downloadSegment, upload } = await plan(rig, functions);
        rig.server.faults.bytesPerSecond = MIB / 2;

        const { error, seconds } = await failureOf(
          functions.invoke('download-segment', downloadSegment, NEARLY_OVER_MS),
        );

        expect(error.name).toBe('ChunkDeadlineError');
        expect(error.message).toMatch(
          /^chunk 1: \d+ of 5242880 bytes read in \d+ s \(\d+\.\d\d MiB\/s\) when/,
        );
        expect(error.message).toContain('smaller chunk_size_bytes, or raise the function timeout');
        expect(seconds).toBeLessThan(OVER_SECONDS);
        expect(functions.logged.join('')).toContain('"ChunkDeadlineError":1'); // the metric that has an alarm
        await functions.invoke('abort-upload', upload);
        tell(`DownloadSegment stopped after ${seconds.toFixed(1)} s: ${error.message.slice(0, 60)}…`);
      });
    });
  });

  test('20 workers in one transfer end at their deadline: each goes on where the one before stopped', async () => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('big.bin', 21 * SIZE_BYTES - 1);

      // Too short for a second chunk, so that every worker ends after its first.
      const { outcome, attempts } = await rig.transfer(
        rig.source(),
        { sftp_file_path: path, target_s3_key: 'big', chunk_size_bytes: SIZE_BYTES, max_concurrency: 1 },
        { workerSeconds: 1 },
      );

      expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 21 } });
      expect(await rig.store.hashOf('big')).toBe(sha256);
      const workers = attempts.filter(({ step }) => step === 'DownloadSegment');
      expect(workers.map((worker) => worker.progress?.copied.map(([number]) => number))).toEqual(
        Array.from({ length: 21 }, (_, index) => [index + 1]),
      );
      expect(rig.front.count('UploadPart')).toBe(21);
      // The canary, one for each worker, and the completion.
      expect(rig.server.record.connections).toBe(23);
      tell('20 workers stopped in one transfer: 23 logins, hash equal');
    });
  }, 120_000);

  test('the other functions stop early too, and name what waits', async () => {
    const slow: { operation?: S3Request['operation'] } = {};
    const s3FaultOf = ({ operation }: S3Request): S3Fault | undefined =>
      operation === slow.operation ? { what: 'delay', delayMs: 20_000 } : undefined;
    await withPartner(
      async (rig) => {
        await withFunctions(rig, async (functions) => {
          const { downloadSegment, completeUpload, upload } = await plan(rig, functions);
          slow.operation = 'UploadPart';
          const chunk = await failureOf(
            functions.invoke('download-segment', downloadSegment, NEARLY_OVER_MS),
          );
          expect(chunk.error.name).toBe('ChunkDeadlineError');

          delete slow.operation;
          await functions.invoke('download-segment', downloadSegment);
          slow.operation = 'CompleteMultipartUpload';
          const complete = await failureOf(
            functions.invoke('complete-upload', completeUpload, NEARLY_OVER_MS),
          );
          expect(complete.error.name).toBe('UploadFailedError');
          expect(complete.error.message).toMatch(/raise the function timeout$/);

          delete slow.operation;
          await functions.invoke('abort-upload', upload);
          tell('a slow S3: ChunkDeadlineError, UploadFailedError');
        });
      },
      { s3FaultOf },
    );
  });

  test('GetFileMetadata at a server that does not answer', async () => {
    await withPartner(async (rig) => {
      const proxy = await startTcpProxy({
        targetPort: rig.server.port,
        faultOf: () => ({ afterBytes: 0, how: 'stall' }),
      });
      await withFunctions(
        rig,
        async ({ invoke }) => {
          const { error, seconds } = await failureOf(
            invoke('get-file-metadata', metadataEvent({ sftp_file_path: '/any' }), NEARLY_OVER_MS),
          );
          expect(error.name).toBe('SftpConnectionError');
          expect(seconds).toBeLessThan(OVER_SECONDS);
          tell('GetFileMetadata: SftpConnectionError');
        },
        proxy.port,
      );
      await proxy.close();
    });
  });
});
