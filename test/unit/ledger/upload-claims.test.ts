import { executionsClaim, isClaimOver, removalsClaim } from '../../../ledger/upload-claims.ts';

const NOW_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const endOf = async (execution: string) => (execution === 'ended' ? { endedAtMs: NOW_MS } : undefined);

test.each([
  ['an execution that runs, for days', executionsClaim('running', NOW_MS), 7 * 24 * 60, false],
  ['an execution that has ended, at once', executionsClaim('ended', NOW_MS), 0, true],
  ['a removal that may be under way', removalsClaim('removal:1', NOW_MS), 6, false],
  ['a removal that never gave its claim back', removalsClaim('removal:1', NOW_MS), 10, true],
])('%s', async (_name, claim, minutesLater, expected) => {
  expect(await isClaimOver(claim, NOW_MS + minutesLater * MINUTE_MS, endOf)).toBe(expected);
});
