import { isSameFile } from '../../../ledger/entry.ts';
import { all, type LedgerRig } from './ledger-rig.ts';

export function exactRowsContract(rig: LedgerRig): void {
  const { land, request } = rig;

  test.each([
    ['bytes beyond ASCII', 'Müller/Übersicht 世界 🚢.csv'],
    ['a newline and quotes', 'a\n\'"b.csv'],
    ['the longest name', `${'d'.repeat(250)}/`.repeat(16) + 'x'.repeat(80)],
    ['what looks like a key', 'acme#daily'],
  ])('a path with %s is kept exactly', async (_, path) => {
    await land({ path });
    expect((await all(rig.ledger.list())).map((entry) => entry.path)).toEqual([path]);
    expect(await rig.ledger.claim(request({ path, owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
  });

  test.each([
    ['composed and decomposed', 'é.csv', 'e\u0301.csv'],
    ['upper and lower case', 'A.csv', 'a.csv'],
    ['equal for their first 4,000 bytes', `${'x'.repeat(4_000)}1`, `${'x'.repeat(4_000)}2`],
  ])('two paths, %s, are two files', async (_, one, other) => {
    await land({ path: one });
    expect(await rig.ledger.claim(request({ path: other }))).toMatchObject({ claimed: true });
  });

  test('sizes and times are kept to the last digit', async () => {
    const file = { sizeBytes: 53_687_091_200_001, modifiedAtSeconds: 1_764_000_000 };
    await land(file);
    const entry = await rig.ledger.get('a.csv');
    expect(entry?.landed && isSameFile(entry.landed, file)).toBe(true);
  });
}
