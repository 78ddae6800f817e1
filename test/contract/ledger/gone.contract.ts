import { all, DAY_MS, type LedgerRig } from './ledger-rig.ts';

export function goneContract(rig: LedgerRig): void {
  const { land, request } = rig;

  describe('gone', () => {
    test('the row is kept for the time that was asked for, then it counts as absent', async () => {
      await land();
      const goneAtMs = rig.nowMs;
      await rig.ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      rig.nowMs += DAY_MS;
      // A path that stays away is marked again by every listing.
      await rig.ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      rig.nowMs = goneAtMs + 30 * DAY_MS - 1;
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
      rig.nowMs += 1;
      expect(await rig.ledger.get('a.csv')).toBeUndefined();
      expect(await all(rig.ledger.list())).toEqual([]);
      const anew = await rig.ledger.claim(request({ owner: 'run-2' }));
      expect(anew).toMatchObject({ claimed: true, entry: { lastGeneration: 1, firstSeenMs: rig.nowMs } });
      expect(anew.entry.landed).toBeUndefined();
    });

    test('seen again, it is kept for good', async () => {
      await land();
      await rig.ledger.markGone({ path: 'a.csv', keepMs: DAY_MS });
      await rig.ledger.markSeen('a.csv');
      rig.nowMs += 400 * DAY_MS;
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
    });

    test('nothing is said of a path without a row', async () => {
      expect(await rig.ledger.markGone({ path: 'never.csv', keepMs: DAY_MS })).toBeUndefined();
      expect(await rig.ledger.markSeen('never.csv')).toBeUndefined();
      expect(await all(rig.ledger.list())).toEqual([]);
    });
  });
}
