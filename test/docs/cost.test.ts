import { readFileSync } from 'node:fs';
import path from 'node:path';
import { estimateCost } from '../../cli/cost/estimate-cost.ts';
import { usdOfMonth, WAYS_OUT } from '../../cli/cost/ways-out.ts';
import { MIB, TIB } from '../../transfer/text/units.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, '../../docs/cost.md'), 'utf8');
const usd = (amount: number) => amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

test.each(WAYS_OUT)('the page has the computed row of $name', (wayOut) => {
  const figures = [
    wayOut.usdPerMonth,
    wayOut.usdPerTib,
    ...[1, 10, 100].map((tib) => usdOfMonth(wayOut, tib)),
  ];
  expect(PAGE).toContain(`| ${wayOut.name} | ${figures.map(usd).join(' | ')} |`);
});

test('the page has the parts of a transfer of one TiB, as estimated', () => {
  const estimate = estimateCost({
    fileSizeBytes: TIB,
    chunkSizeBytes: 50 * MIB,
    maxConcurrency: 8,
    bytesPerSecond: 25 * MIB,
    overheadSeconds: 1,
    memoryMb: 1_769,
  });
  const { natData, lambda, s3Requests, stateTransitions, total } = estimate.usd;
  const share = Math.round((100 * natData) / total);
  expect(PAGE).toContain(
    `| ${[natData, lambda, s3Requests, stateTransitions, total].map(usd).join(' | ')} | ${share} % |`,
  );
});
