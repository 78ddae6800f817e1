import { stateOf } from '../../../ledger/entry.ts';
import { type LedgerRig, OBJECT } from './ledger-rig.ts';

export function afterProofContract(rig: LedgerRig): void {
  const { land, request } = rig;

  describe('after the proof', () => {
    const MARK = { path: 'a.csv', generation: 1 };

    test('done makes it DONE, and stays so', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'delete',
      });
      rig.nowMs += 1_000;
      const done = await rig.ledger.markAfterProof({ ...MARK, after: { action: 'delete' }, done: true });
      expect(done).toMatchObject({
        done: true,
        entry: { landed: { after: { action: 'delete', doneAtMs: rig.nowMs } } },
      });
      rig.nowMs += 1_000;
      const error = { name: 'SourcePermissionError', message: 'm' };
      expect(
        await rig.ledger.markAfterProof({ ...MARK, after: { action: 'delete', error }, done: false }),
      ).toEqual(done);
    });

    test('an error leaves it LANDED, with the error', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'move',
      });
      const error = { name: 'SourcePermissionError', message: 'm' };
      const marked = await rig.ledger.markAfterProof({
        ...MARK,
        after: { action: 'move', error },
        done: false,
      });
      expect(marked).toMatchObject({ done: true, entry: { landed: { after: { error } } } });
      expect(marked.entry && stateOf(marked.entry)).toBe('LANDED');
    });

    test('nothing is marked on a generation that did not land, or is not the last', async () => {
      const mark = { after: { action: 'move' as const }, done: true };
      expect(await rig.ledger.markAfterProof({ ...MARK, ...mark })).toEqual({
        done: false,
        reason: 'not-landed',
      });
      await rig.ledger.claim(request());
      expect(await rig.ledger.markAfterProof({ ...MARK, ...mark })).toMatchObject({ reason: 'not-landed' });
      await rig.ledger.rollBack({ path: 'a.csv', owner: 'run-1' });
      await land();
      await land({ owner: 'run-2', sizeBytes: 11 });
      expect(await rig.ledger.markAfterProof({ ...MARK, ...mark })).toMatchObject({ reason: 'superseded' });
    });
  });
}
