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
    // 9,987 chunks of 105 MiB in 110 segments, of which three take two workers of 880 s. Lambda: 113 s + 16,384 s =
    // 16,497 s x 1.7275 GB x 0.0000133334, and 118 requests. NAT: 1,024 GiB x 0.045. S3: 10,112 PUT-class, 2 GET-class.
    // Step Functions: 12 + 2 x 113 + 110 transitions.
    'one tebibyte, in the most chunks there are',
    {},
    {
      chunkCount: 9_987,
      chunkSizeBytes: 110_100_480,
      workerCount: 113,
      lambdaSeconds: 16_497,
      durationSeconds: 2_062.125,
      usd: {
        lambda: 0.380015,
        natData: 46.08,
        s3Requests: 0.050561,
        stateTransitions: 0.0087,
        total: 46.519276,
        perTib: 46.519276,
      },
    },
  ],
  [
    // 20 chunks in 18 segments. Lambda: 18 s + 16 s, 23 requests. S3: 41 and 2. 66 transitions. A TiB is 1,048.576 of it.
    '1,000 MiB',
    { fileSizeBytes: 1_000 * MIB, bytesPerSecond: 62.5 * MIB },
    {
      chunkCount: 20,
      chunkSizeBytes: 52_428_800,
      workerCount: 18,
      lambdaSeconds: 34,
      durationSeconds: 4.25,
      usd: {
        lambda: 0.000788,
        natData: 0.043945,
        s3Requests: 0.000206,
        stateTransitions: 0.00165,
        total: 0.046589,
        perTib: 48.851968,
      },
    },
  ],
  [
    // One empty chunk: 1 s x 1 GB x 0.0000133334 and 6 requests; 5 and 2; 15 transitions.
    'nothing',
    { fileSizeBytes: 0, memoryMb: 1_024 },
    {
      chunkCount: 1,
      chunkSizeBytes: 52_428_800,
      workerCount: 1,
      lambdaSeconds: 1,
      durationSeconds: 1,
      usd: {
        lambda: 0.000015,
        natData: 0,
        s3Requests: 0.000026,
        stateTransitions: 0.000375,
        total: 0.000415,
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
    States: Record<
      string,
      { Next?: string; Default?: string; Choices?: { Next: string }[]; ItemProcessor?: { States: object } }
    >;
  };
  let entered = 0;
  for (let name: string | undefined = workflow.StartAt; name !== undefined; entered += 1) {
    const state: { Next?: string; Default?: string; Choices?: { Next: string }[] } | undefined =
      workflow.States[name];
    // Nothing is resumed; nobody else is at the partner, and the file lands: the first choice.
    name = state?.Next ?? (name === 'IsResumed' ? state?.Default : state?.Choices?.[0]?.Next);
  }
  const oneWorker = estimateCost({ ...SHAPE, fileSizeBytes: 1 });
  // A partner that is lost costs more.
  const states = Object.keys(workflow.States.DownloadSegments?.ItemProcessor?.States ?? {}).filter(
    (name) => !name.includes('Partner'),
  );
  expect(states).toHaveLength(3);
  expect(oneWorker.usd.stateTransitions / 0.000025).toBeCloseTo(entered + states.length, 6);
});

test.each([
  ['a file that no plan holds', { fileSizeBytes: 49 * TIB }, 'InvalidTransferRequestError'],
  ['a rate of 0', { bytesPerSecond: 0 }, 'RangeError'],
])('refuses %s', (_case, changes, name) => {
  expect(() => estimateCost({ ...SHAPE, ...changes })).toThrow(expect.objectContaining({ name }));
});
