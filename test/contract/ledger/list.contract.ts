import { all, type LedgerRig } from './ledger-rig.ts';

export function listContract(rig: LedgerRig): void {
  const { another, land, request } = rig;

  describe('the list', () => {
    test('shows every entry once, over any number of pages, and only of its folder', async () => {
      const paths = Array.from({ length: 60 }, (_, index) => `in/${index}.csv`);
      await Promise.all(paths.map((path) => rig.ledger.claim(request({ path }))));
      rig.collection = `${rig.collection}-2`;
      await (await another()).claim(request({ path: 'elsewhere.csv' }));
      const listed = await all(rig.ledger.list());
      expect(listed.map(({ path }) => path).sort()).toEqual([...paths].sort());
    });

    test('shows the states that are asked for', async () => {
      const error = { name: 'SftpStalledError', message: 'm' };
      await rig.ledger.claim(request({ path: 'claimed' }));
      await rig.ledger.claim(request({ path: 'failed' }));
      await rig.ledger.fail({ path: 'failed', owner: 'run-1', error });
      await land({ path: 'done' });
      await land({ path: 'held' });
      await rig.ledger.hold({ path: 'held', reason: 'r' });
      for (const state of ['CLAIMED', 'FAILED', 'DONE', 'HELD'] as const) {
        const listed = await all(rig.ledger.list({ states: [state] }));
        expect(listed.map(({ path }) => path)).toEqual([state.toLowerCase()]);
      }
      expect((await all(rig.ledger.list({ states: ['FAILED', 'DONE'] }))).length).toBe(2);
    });
  });

  test('a signal that was given up is heard', async () => {
    const reason = new Error('stopped');
    await expect(rig.ledger.claim(request(), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(all(rig.ledger.list({}, AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(await rig.ledger.get('a.csv')).toBeUndefined();
  });
}
