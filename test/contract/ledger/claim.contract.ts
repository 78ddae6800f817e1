import { DAY_MS, LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function claimContract(rig: LedgerRig): void {
  const { another, land, request } = rig;

  describe('a claim', () => {
    test('of a new path is granted, and everybody sees it', async () => {
      const claimed = await rig.ledger.claim(request());
      expect(claimed).toMatchObject({
        claimed: true,
        entry: {
          path: 'a.csv',
          firstSeenMs: rig.nowMs,
          lastGeneration: 1,
          attempt: {
            generation: 1,
            sizeBytes: 10,
            modifiedAtSeconds: 1_700_000_000,
            state: 'CLAIMED',
            failures: 0,
            claim: { owner: 'run-1', untilMs: rig.nowMs + LEASE_MS },
          },
        },
      });
      expect(claimed).not.toHaveProperty('takenOverFrom');
      expect(await (await another()).get('a.csv')).toEqual(claimed.entry);
    });

    test('is refused while another holds it, with its entry', async () => {
      const { entry } = await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS - 1;
      expect(await (await another()).claim(request({ owner: 'run-2' }))).toEqual({
        claimed: false,
        reason: 'owned-by-other',
        entry,
      });
      expect(await rig.ledger.get('a.csv')).toEqual(entry);
    });

    test('is granted again to its owner, whose first answer was lost', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += 1_000;
      const again = await rig.ledger.claim(request());
      expect(again).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(again.entry.attempt).toMatchObject({ generation: 1, claim: { untilMs: rig.nowMs + LEASE_MS } });
    });

    test('of another identity is refused to the owner of a live claim', async () => {
      await rig.ledger.claim(request());
      expect(await rig.ledger.claim(request({ sizeBytes: 11 }))).toMatchObject({ reason: 'owned-by-other' });
    });

    test('passes to the next one at the moment its lease ends, who learns whose it was', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      const taken = await rig.ledger.claim(request({ owner: 'run-2' }));
      expect(taken).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(taken.entry.attempt).toMatchObject({ generation: 1, claim: { owner: 'run-2' } });
    });

    test.each([
      ['longer', { sizeBytes: 11 }],
      ['shorter', { sizeBytes: 9 }],
      ['newer', { modifiedAtSeconds: 1_700_000_001 }],
      ['older', { modifiedAtSeconds: 1_600_000_000 }],
      ['from 1970', { modifiedAtSeconds: 0 }],
      ['empty', { sizeBytes: 0 }],
    ])('of a landed path whose file is %s now is the next generation', async (_, change) => {
      await land();
      const next = await rig.ledger.claim(request({ owner: 'run-2', ...change }));
      expect(next).toMatchObject({ claimed: true, entry: { lastGeneration: 2, attempt: { generation: 2 } } });
      expect(next.entry.landed).toMatchObject({ generation: 1, object: OBJECT });
    });

    test('of what has landed is refused, however long ago', async () => {
      await land();
      rig.nowMs += 4_000 * DAY_MS;
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
    });

    test('by force takes what has landed as the next generation, and an ordinary claim goes on with it', async () => {
      await land();
      const replay = await rig.ledger.claim(request({ owner: 'run-2', force: true }));
      expect(replay).toMatchObject({ claimed: true, entry: { attempt: { generation: 2 } } });
      await rig.ledger.fail({
        path: 'a.csv',
        owner: 'run-2',
        error: { name: 'UploadFailedError', message: 'm' },
      });
      expect(await rig.ledger.claim(request({ owner: 'run-3' }))).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2, failures: 1 } },
      });
    });

    test('by force does not take what another holds, nor what is held', async () => {
      await rig.ledger.claim(request());
      expect(await rig.ledger.claim(request({ owner: 'run-2', force: true }))).toMatchObject({
        reason: 'owned-by-other',
      });
      await rig.ledger.hold({ path: 'b.csv', reason: 'wrong month' });
      expect(await rig.ledger.claim(request({ path: 'b.csv', force: true }))).toMatchObject({
        reason: 'held',
      });
    });

    test('of a file that came back after it was gone is a delivery where the folder says so', async () => {
      await land();
      const asked = request({ owner: 'run-2', redelivery: 'on-reappearance' });
      expect(await rig.ledger.claim(asked)).toMatchObject({ reason: 'landed' });
      await rig.ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
      expect(await rig.ledger.claim(asked)).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2 } },
      });
    });

    test.each([
      ['leaseMs', { leaseMs: 0 }],
      ['leaseMs', { leaseMs: 7 * DAY_MS + 1 }],
      ['path', { path: '' }],
      ['path', { path: 'half a \ud800 pair' }],
      ['path', { path: 'ä'.repeat(2_049) }],
    ])('with a wrong %s is refused by its name', async (field, change) => {
      await expect((async () => rig.ledger.claim(request(change)))()).rejects.toMatchObject({
        name: 'InvalidTransferRequestError',
        field,
      });
    });
  });
}
