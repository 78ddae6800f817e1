import { textTable } from '../../../../cli/format/text-table.ts';

test('a table is as wide as its widest cells, and has no blanks at the end of a line', () => {
  expect(
    textTable(
      ['A', 'LONGER', 'C'],
      [
        ['wide cell', 'x', ''],
        ['y', 'z', 'last'],
      ],
    ),
  ).toBe('A          LONGER  C\nwide cell  x\ny          z       last');
});
