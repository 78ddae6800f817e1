import { readFileSync } from 'node:fs';
import path from 'node:path';
import { estimateCost } from '../../cli/cost/estimate-cost.ts';
import { estimateFolderRun } from '../../cli/cost/estimate-folder-run.ts';
import { keptPartsUsdPerDay } from '../../cli/cost/kept-parts.ts';
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

test('the pages name what kept parts of one TiB cost a day, as computed', () => {
  const price = usd(keptPartsUsdPerDay(TIB));
  expect(PAGE).toContain(`0.023 a GiB and month: ${price} a day for each TiB`);
  for (const [page, words] of [
    ['deploying', `a tebibyte costs about ${price} USD a day`],
    ['operations', `about ${price} USD a day\nfor each tebibyte`],
  ] as const) {
    const text = readFileSync(path.join(import.meta.dirname, `../../docs/${page}.md`), 'utf8');
    expect(text).toContain(words);
  }
});

describe('a folder of a million small files', () => {
  const run = { files: 1_000_000, fileSizeBytes: 64 * 1024, secondsPerFile: 0.2, memoryMb: 1_769 };
  const archived = { ...run, settling: { secondsPerFile: 0.25, memoryMb: 512 } };

  test.each([
    ['copied', run],
    ['copied and moved', archived],
  ])('the page has the computed row of files that are %s', (name, files) => {
    const { batches, logins, usd: cost } = estimateFolderRun(files);
    const { lambda, s3Requests, stateTransitions, ledger, total } = cost;
    const figures = [lambda, s3Requests, ledger, stateTransitions, total].map(usd).join(' | ');
    const counts = [batches, logins].map((count) => count.toLocaleString('en')).join(' | ');
    expect(PAGE).toContain(`| ${name} | ${counts} | ${figures} |`);
  });

  test('stays below 15 USD and 6,000 logins', () => {
    for (const files of [run, archived]) {
      const { logins, usd: cost } = estimateFolderRun(files);
      expect(cost.total).toBeLessThanOrEqual(15);
      expect(logins).toBeLessThanOrEqual(6_000);
    }
  });

  test('batches are what saves the logins: one file a worker would cost a million', () => {
    expect(estimateFolderRun({ ...run, fileSizeBytes: 1024 ** 3 }).logins).toBeGreaterThan(1_000_000);
  });
});
