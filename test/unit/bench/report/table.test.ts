import { table } from '../../../../bench/report/table.ts';

test('aligns the first column to the left and the others to the right', () => {
  expect(
    table(
      ['', 'MiB/s'],
      [
        ['ours', '210'],
        ['another', '7'],
      ],
    ),
  ).toBe(
    [
      '|         | MiB/s |', //
      '|:--------|------:|',
      '| ours    |   210 |',
      '| another |     7 |',
    ].join('\n'),
  );
});
