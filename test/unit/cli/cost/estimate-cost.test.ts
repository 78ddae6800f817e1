import { readFileSync } from 'node:fs';
import path from 'node:path';
import { estimateCost, type TransferShape } from '../../../../cli/cost/estimate-cost.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;
const SHAPE: TransferShape = {
  fileSizeBytes: TIB,
  chunkSizeBytes: 50 * MIB,
  maxConcurrency: 8,
  bytesPerSecond: 64 * MIB,
  overheadSeconds: 1,
  memoryMb: 1_769,
};

// Each sum was done by hand from the price lists; US dollars.
test.each<[string, Partial<TransferShape>, object]>([
  [
    // 1,998 chunks of 525 MiB. Lambda: 1,998 s + 16,384 s = 18,382 s x 1.7275 GB x 0.0000133334, and 2,003 requests.
    // NAT: 1,024 GiB x 0.045. S3: 2,002 PUT-class, 2 GET-class. Step Functions: 2,009 transitions.
    'one tebibyte, in the most chunks there are',
    {},
    {
      chunkCount: 1_998,
      chunkSizeBytes: 550_502_400,
      lambdaSeconds: 18_382,
      durationSeconds: 2_300.78125,
      usd: {
        lambda: 0.423811,
        natData: 46.08,
        s3Requests: 0.010011,
        stateTransitions: 0.050225,
        total: 46.564047,
        perTib: 46.564047,
      },
    },
  ],
  [
    // 20 chunks. Lambda: 20 s + 16 s, 25 requests. S3: 23 and 2. 31 transitions. A TiB is 1,048.576 such files.
    '1,000 MiB',
    { fileSizeBytes: 1_000 * MIB, bytesPerSecond: 62.5 * MIB },
    {
      chunkCount: 20,
      chunkSizeBytes: 52_428_800,
      lambdaSeconds: 36,
      durationSeconds: 5.4,
      usd: {
        lambda: 0.000834,
        natData: 0.043945,
        s3Requests: 0.000116,
        stateTransitions: 0.000775,
        total: 0.04567,
        perTib: 47.888818,
      },
    },
  ],
  [
    // One empty chunk: 1 s x 1 GB x 0.0000133334 and 6 requests; 4 and 2; 12 transitions.
    'nothing',
    { fileSizeBytes: 0, memoryMb: 1_024 },
    {
      chunkCount: 1,
      chunkSizeBytes: 52_428_800,
      lambdaSeconds: 1,
      durationSeconds: 1,
      usd: {
        lambda: 0.000015,
        natData: 0,
        s3Requests: 0.000021,
        stateTransitions: 0.0003,
        total: 0.000335,
        perTib: 0,
      },
    },
  ],
])('%s', (_case, changes, expected) => {
  const estimate = estimateCost({ ...SHAPE, ...changes });
  const usd = Object.fromEntries(
    Object.entries(estimate.usd).map(([name, value]) => [name, Number(value.toFixed(6))]),
  );
  expect({ ...estimate, usd }).toEqual(expected);
});

test('counts the states that the workflow enters', () => {
  const file = path.join(import.meta.dirname, '../../../../statemachine/transfer.asl.json');
  const workflow = JSON.parse(readFileSync(file, 'utf8')) as {
    StartAt: string;
    States: Record<string, { Next?: string; Choices?: { Next: string }[] }>;
  };
  let entered = 0;
  for (let name: string | undefined = workflow.StartAt; name !== undefined; entered += 1) {
    const state: { Next?: string; Choices?: { Next: string }[] } | undefined = workflow.States[name];
    // Nobody else is at the partner, and the file lands: the first choice.
    name = state?.Next ?? state?.Choices?.[0]?.Next;
  }
  const { usd, chunkCount } = estimateCost(SHAPE);
  expect(usd.stateTransitions / 0.000025).toBeCloseTo(entered + chunkCount, 6);
});

test.each([
  ['a file that no plan holds', { fileSizeBytes: 10 * TIB }, 'InvalidTransferRequestError'],
  ['a rate of 0', { bytesPerSecond: 0 }, 'RangeError'],
])('refuses %s', (_case, changes, name) => {
  expect(() => estimateCost({ ...SHAPE, ...changes })).toThrow(expect.objectContaining({ name }));
});
