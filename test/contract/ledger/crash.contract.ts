import { all, LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function crashContract(rig: LedgerRig): void {
  const { another, request } = rig;

  describe('a crash', () => {
    test('after the claim: the next run has it after the lease, and nothing was done', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      const taken = await (await another()).claim(request({ owner: 'run-2' }));
      expect(taken).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(taken.entry.landed).toBeUndefined();
    });

    test('after the object, before the commit: the next run commits in its own name', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      await rig.ledger.claim(request({ owner: 'run-2' }));
      const commit = {
        path: 'a.csv',
        owner: 'run-2',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await rig.ledger.commit(commit)).toMatchObject({
        done: true,
        entry: { landed: { object: OBJECT } },
      });
    });

    test('after the commit, before the source was moved: LANDED, and the next run sees what is left to do', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'move',
      });
      const other = await another();
      const [left] = await all(other.list({ states: ['LANDED'] }));
      expect(left).toMatchObject({ path: 'a.csv', landed: { generation: 1, after: { action: 'move' } } });
    });
  });
}
