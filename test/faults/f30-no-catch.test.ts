import { endWithoutCatch, statusChange } from './support/ended-execution.ts';
import { describeFault } from './support/fault.ts';
import { withFunctions } from './support/functions.ts';
import { withPartner } from './support/partner-rig.ts';

describeFault('F30', 'an execution fails without its Catch: a full history, too large a payload', (tell) => {
  test('it is cleaned up as a stopped one is', async () => {
    await withPartner(async (rig) => {
      await withFunctions(rig, async (functions) => {
        const uploadId = await endWithoutCatch(rig, functions, 'ExecutionFailed');
        expect(await rig.store.openUploads()).toEqual([uploadId]);

        await expect(functions.invoke('abort-upload', statusChange('FAILED'))).resolves.toEqual({
          aborted_uploads: 1,
        });

        expect(await rig.store.openUploads()).toEqual([]);
        // Its Catch may have run before: the rule fires for every failed execution.
        await expect(functions.invoke('abort-upload', statusChange('FAILED'))).resolves.toEqual({
          aborted_uploads: 0,
        });
        tell('FAILED: 1 upload aborted, 0 the second time');
      });
    });
  });
});
