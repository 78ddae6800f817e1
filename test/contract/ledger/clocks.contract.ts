import { DAY_MS, HOUR_MS, LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function clocksContract(rig: LedgerRig): void {
  const { another, land, request } = rig;

  describe('clocks', () => {
    test('of another process that is behind sees a longer lease, and no more', async () => {
      await rig.ledger.claim(request());
      const behind = await another(() => rig.nowMs - HOUR_MS);
      expect(await behind.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'owned-by-other' });
      rig.nowMs += HOUR_MS + LEASE_MS;
      expect(await behind.claim(request({ owner: 'run-2' }))).toMatchObject({ claimed: true });
    });

    test('of another process that is ahead takes over early; then exactly one of the two commits', async () => {
      await rig.ledger.claim(request());
      const ahead = await another(() => rig.nowMs + HOUR_MS);
      expect(await ahead.claim(request({ owner: 'run-2' }))).toMatchObject({ takenOverFrom: 'run-1' });
      const commits = await Promise.all([
        rig.ledger.commit({
          path: 'a.csv',
          owner: 'run-1',
          generation: 1,
          object: OBJECT,
          afterProof: 'none',
        }),
        ahead.commit({ path: 'a.csv', owner: 'run-2', generation: 1, object: OBJECT, afterProof: 'none' }),
      ]);
      expect(commits.map(({ done }) => done)).toEqual([false, true]);
    });

    test('that were years ahead do not block a path for years', async () => {
      const lost = await another(() => rig.nowMs + 3_650 * DAY_MS);
      await lost.claim(request());
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ takenOverFrom: 'run-1' });
    });

    test('that jump back in the middle of a claim change nothing for its owner', async () => {
      await rig.ledger.claim(request());
      rig.nowMs -= 30 * DAY_MS;
      const commit = {
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await rig.ledger.commit(commit)).toMatchObject({ done: true });
    });

    test("of the partner's server may be anywhere", async () => {
      for (const [path, modifiedAtSeconds] of [
        ['future', 4_102_444_800],
        ['past', 1],
        ['before 1970', -86_400],
      ] as const) {
        await land({ path, modifiedAtSeconds });
        expect(await rig.ledger.claim(request({ path, modifiedAtSeconds, owner: 'x' }))).toMatchObject({
          reason: 'landed',
        });
      }
    });
  });
}
