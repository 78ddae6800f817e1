import type { FileLedger } from '../../../ledger/ports.ts';
import { LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function lateOwnerContract(rig: LedgerRig): void {
  const { another, land, request } = rig;

  describe('an owner that was too slow', () => {
    const OWNER = { path: 'a.csv', owner: 'run-1' };
    const WRITES: [string, (late: FileLedger) => Promise<{ done: boolean }>][] = [
      ['renew', (late) => late.renew({ ...OWNER, leaseMs: LEASE_MS })],
      ['commit', (late) => late.commit({ ...OWNER, generation: 1, object: OBJECT, afterProof: 'none' })],
      ['roll back', (late) => late.rollBack(OWNER)],
      ['fail', (late) => late.fail({ ...OWNER, error: { name: 'SftpStalledError', message: 'm' } })],
      ['suspend', (late) => late.suspend({ ...OWNER, error: { name: 'SftpStalledError', message: 'm' } })],
    ];

    test.each(WRITES)('cannot %s what another has taken', async (_, write) => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      const { entry } = await (await another()).claim(request({ owner: 'run-2' }));
      expect(await write(rig.ledger)).toEqual({ done: false, reason: 'claim-lost', entry });
      expect(await rig.ledger.get('a.csv')).toEqual(entry);
    });

    test.each(WRITES)('cannot %s what another has taken and landed', async (_, write) => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      const { entry } = await land({ owner: 'run-2' });
      expect(await write(rig.ledger)).toEqual({ done: false, reason: 'claim-lost', entry });
      expect(await rig.ledger.get('a.csv')).toEqual(entry);
    });

    test.each(WRITES)('cannot %s a path that another has taken and given back', async (_, write) => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      await rig.ledger.claim(request({ owner: 'run-2' }));
      await rig.ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await write(rig.ledger)).toEqual({ done: false, reason: 'claim-lost', entry: undefined });
    });

    test('cannot commit an earlier generation than the one that it holds', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += LEASE_MS;
      await rig.ledger.claim(request({ sizeBytes: 11 }));
      const late = { ...OWNER, generation: 1, object: OBJECT, afterProof: 'none' } as const;
      expect(await rig.ledger.commit(late)).toMatchObject({ done: false, reason: 'claim-lost' });
      expect((await rig.ledger.get('a.csv'))?.landed).toBeUndefined();
    });
  });
}
