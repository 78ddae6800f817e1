import { packLanes } from '../../../../cli/report/lanes.ts';

const span = (startedAtMs: number, endedAtMs: number) => ({ startedAtMs, endedAtMs });

test.each([
  ['nothing', [], []],
  ['one after the other', [span(0, 100), span(100, 200)], [[span(0, 100), span(100, 200)]]],
  ['at the same time', [span(0, 100), span(0, 100)], [[span(0, 100)], [span(0, 100)]]],
  [
    'the first lane that is free',
    [span(0, 500), span(0, 100), span(150, 300), span(600, 700)],
    [
      [span(0, 500), span(600, 700)],
      [span(0, 100), span(150, 300)],
    ],
  ],
  ['20 ms of overlap are rounding', [span(0, 100), span(80, 200)], [[span(0, 100), span(80, 200)]]],
  ['21 ms are not', [span(0, 100), span(79, 200)], [[span(0, 100)], [span(79, 200)]]],
])('%s', (_name, spans, lanes) => {
  expect(packLanes(spans)).toEqual(lanes);
});
