import { LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function operatorContract(rig: LedgerRig): void {
  const { land, request } = rig;

  describe('an operator', () => {
    test('holds a path, seen or not, and releases it', async () => {
      const held = await rig.ledger.hold({ path: 'a.csv', reason: 'wrong month' });
      expect(held).toMatchObject({ hold: { reason: 'wrong month', sinceMs: rig.nowMs } });
      expect(await rig.ledger.claim(request())).toMatchObject({ reason: 'held', entry: held });
      expect(await rig.ledger.release('a.csv')).toBeUndefined();
      expect(await rig.ledger.claim(request())).toMatchObject({ claimed: true });
    });

    test('holds a path that is being copied: the owner may finish, nobody claims it again', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.hold({ path: 'a.csv', reason: 'stop' });
      const commit = {
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await rig.ledger.commit(commit)).toMatchObject({
        done: true,
        entry: { hold: { reason: 'stop' } },
      });
      expect(await rig.ledger.claim(request({ owner: 'run-2', sizeBytes: 11 }))).toMatchObject({
        reason: 'held',
      });
      expect(await rig.ledger.release('a.csv')).toMatchObject({ landed: { generation: 1 } });
    });

    test('forgets what landed, so that it is new again', async () => {
      await land();
      expect(await rig.ledger.forget('a.csv')).toMatchObject({
        done: true,
        entry: { landed: { generation: 1 } },
      });
      expect(await rig.ledger.forget('a.csv')).toEqual({ done: true, entry: undefined });
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ claimed: true });
    });

    test('forgets neither what is being copied nor what is held', async () => {
      const { entry } = await rig.ledger.claim(request());
      expect(await rig.ledger.forget('a.csv')).toEqual({ done: false, reason: 'claimed', entry });
      rig.nowMs += LEASE_MS;
      expect(await rig.ledger.forget('a.csv')).toMatchObject({ done: true });
      const held = await rig.ledger.hold({ path: 'b.csv', reason: 'r' });
      expect(await rig.ledger.forget('b.csv')).toEqual({ done: false, reason: 'held', entry: held });
    });
  });
}
