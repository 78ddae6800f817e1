import type { S3Fault, S3Request } from '../support/s3/s3-fault-front.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

describeFault('F18', 'two executions for the same key', (tell) => {
  test('at the same time: both succeed, the object is whole and is one of the two', async () => {
    // Each execution looks for its object before it completes, and again as the proof: both complete between the two.
    const secondLook = Promise.withResolvers<void>();
    const fourthLook = Promise.withResolvers<void>();
    const s3FaultOf = ({ operation, number }: S3Request): S3Fault | undefined => {
      if (operation !== 'HeadObject') return undefined;
      if (number === 2) secondLook.resolve();
      if (number === 4) fourthLook.resolve();
      if (number === 1) return { what: 'hold', until: secondLook.promise };
      return number === 3 ? { what: 'hold', until: fourthLook.promise } : undefined;
    };
    await withPartner(
      async (rig) => {
        const one = await rig.put('one.bin', 12 * MIB);
        const two = await rig.put('two.bin', 17 * MIB);

        const transfers = await Promise.all(
          [one, two].map(({ path }) =>
            rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'same' }),
          ),
        );

        expect(transfers.map(({ outcome }) => outcome.status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
        const landed = await rig.store.hashOf('same');
        expect([one.sha256, two.sha256]).toContain(landed);
        expect(await rig.store.keys('same')).toEqual(['same']);
        const written = transfers.flatMap((transfer) => transfer.written).join('\n');
        expect(written).toContain('another writer replaced the object right after it was completed');
        tell(
          `replace: both succeeded, the object is the ${landed === one.sha256 ? 'first' : 'second'} file, whole`,
        );
      },
      { s3FaultOf },
    );
  });

  test('with if_exists=fail: one succeeds, the other is told TargetExistsError and leaves nothing', async () => {
    const bothComplete = Promise.withResolvers<void>();
    const s3FaultOf = ({ operation, number }: S3Request): S3Fault | undefined => {
      if (operation !== 'CompleteMultipartUpload') return undefined;
      if (number === 2) bothComplete.resolve();
      return { what: 'hold', until: bothComplete.promise };
    };
    await withPartner(
      async (rig) => {
        const one = await rig.put('one.bin', 12 * MIB);
        const two = await rig.put('two.bin', 12 * MIB);

        const [first, second] = await Promise.all(
          [one, two].map(({ path }) =>
            rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'same', if_exists: 'fail' }),
          ),
        );

        const outcomes = [first?.outcome, second?.outcome];
        expect(outcomes.map((outcome) => outcome?.status).toSorted()).toEqual(['FAILED', 'SUCCEEDED']);
        expect(outcomes.find((outcome) => outcome?.status === 'FAILED')).toMatchObject({
          error: 'TargetExistsError',
        });
        const winner = outcomes[0]?.status === 'SUCCEEDED' ? one : two;
        expect(await rig.store.hashOf('same')).toBe(winner.sha256);
        tell('fail: one landed, the other TargetExistsError');
      },
      { s3FaultOf },
    );
  });
});
