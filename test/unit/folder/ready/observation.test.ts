import { observe } from '../../../../folder/ready/observation.ts';

const SMALL = { sizeBytes: 1, modifiedAtSeconds: 50 };

test('the first look', () => {
  expect(observe(undefined, SMALL, 1_000)).toEqual({
    ...SMALL,
    sinceMs: 1_000,
    lastSeenMs: 1_000,
    firstSeenMs: 1_000,
    changes: 0,
  });
});

test.each<[string, { sizeBytes: number; modifiedAtSeconds: number }, number, number, number]>([
  // name, second look at 9,000, since, first seen, changes
  ['an equal look keeps its beginning', SMALL, 1_000, 1_000, 0],
  ['another size begins anew', { ...SMALL, sizeBytes: 2 }, 9_000, 1_000, 1],
  ['a preallocated file: only the time moves', { ...SMALL, modifiedAtSeconds: 51 }, 9_000, 1_000, 1],
  ['an older time is a change too', { ...SMALL, modifiedAtSeconds: 1 }, 9_000, 1_000, 1],
])('%s', (_name, look, sinceMs, firstSeenMs, changes) => {
  const first = observe(undefined, SMALL, 1_000);

  expect(observe(first, look, 9_000)).toEqual({
    ...look,
    sinceMs,
    lastSeenMs: 9_000,
    firstSeenMs,
    changes,
  });
});

test('our clock was set back: the quiet time begins anew, and nothing lies in the future', () => {
  const first = observe(undefined, SMALL, 9_000);

  expect(observe(first, SMALL, 1_000)).toMatchObject({ sinceMs: 1_000, firstSeenMs: 1_000 });
});

test('the server has no times: the size alone is compared', () => {
  const first = observe(undefined, { sizeBytes: 1, modifiedAtSeconds: 0 }, 1_000);

  expect(observe(first, { sizeBytes: 1, modifiedAtSeconds: 0 }, 2_000).sinceMs).toBe(1_000);
  expect(observe(first, { sizeBytes: 2, modifiedAtSeconds: 0 }, 2_000).sinceMs).toBe(2_000);
});
