import { MIB } from '../support/transfer-rig.ts';
import { endWithoutCatch, historyOf, statusChange } from './support/ended-execution.ts';
import { describeFault } from './support/fault.ts';
import { EXECUTION_ARN, withFunctions } from './support/functions.ts';
import { withPartner } from './support/partner-rig.ts';

describeFault('F16', 'an execution is stopped, or times out, in mid-transfer: no Catch runs', (tell) => {
  test.each(['ABORTED', 'TIMED_OUT'])('%s: AbortUpload finds the upload in the history', async (status) => {
    await withPartner(async (rig) => {
      await withFunctions(rig, async (functions) => {
        const { aws, invoke } = functions;
        const uploadId = await endWithoutCatch(rig, functions);
        expect(await rig.store.openUploads()).toEqual([uploadId]);

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
