import { LEASE_MS, type LedgerRig } from './ledger-rig.ts';

export function manyAtOnceContract(rig: LedgerRig): void {
  const { another, request } = rig;

  describe('of many at once', () => {
    test('one gets the claim', async () => {
      const owners = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const views = await Promise.all(owners.map(() => another()));
      for (let round = 0; round < 5; round += 1) {
        const path = `${round}.csv`;
        const results = await Promise.all(
          owners.map((owner, index) => views[index]?.claim(request({ path, owner }))),
        );
        const winners = results.filter((result) => result?.claimed);
        expect(winners).toHaveLength(1);
        expect((await rig.ledger.get(path))?.attempt?.claim).toEqual(winners[0]?.entry.attempt?.claim);
      }
    });

    test('one takes over an expired claim', async () => {
      await rig.ledger.claim(request({ owner: 'dead' }));
      rig.nowMs += LEASE_MS;
      const owners = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const views = await Promise.all(owners.map(() => another()));
      const results = await Promise.all(
        owners.map((owner, index) => views[index]?.claim(request({ owner }))),
      );
      expect(results.filter((result) => result?.claimed)).toHaveLength(1);
    });

    test('no failure is lost', async () => {
      // Every owner claims until it gets its turn, then fails: the count must be exact.
      const owners = Array.from({ length: 6 }, (_, index) => `run-${index}`);
      await Promise.all(
        owners.map(async (owner) => {
          const view = await another();
          for (;;) {
            const result = await view.claim(request({ owner, maxFailures: 100 }));
            if (result.claimed) break;
          }
          await view.fail({ path: 'a.csv', owner, error: { name: 'UploadFailedError', message: owner } });
        }),
      );
      expect((await rig.ledger.get('a.csv'))?.attempt).toMatchObject({
        state: 'FAILED',
        failures: owners.length,
      });
    });
  });
}
