import { historyAsJson, historyForPeople } from '../../../../cli/results/describe-history.ts';
import { outcomeAsJson, outcomeForPeople } from '../../../../cli/results/describe-transfer.ts';
import type { TransferTimeline } from '../../../../cli/timeline/transfer-timeline.ts';
import { attempt, timeline } from '../../../support/timelines.ts';

const FILE: NonNullable<TransferTimeline['file']> = {
  path: '/out/big.bin',
  sizeBytes: 10,
  modifiedAt: '2026-11-22T00:00:00Z',
  maxReadBytes: 261_120,
  bucket: 'landing',
  key: 'acme/big.bin',
  ifExists: 'replace',
};
const landed = (file: Partial<typeof FILE> = {}, changes: Partial<TransferTimeline> = {}) =>
  timeline({ durationMs: 4_000, file: { ...FILE, ...file }, ...changes });

describe('a login by the version of the secret before the present one', () => {
  const warning =
    /^WARNING: the partner refused the present version of the secret, and took the one before\./m;

  test('is a warning wherever the transfer is shown, although it landed', () => {
    const seen = landed({ previousSecret: true });
    expect(outcomeForPeople(seen)).toMatch(/^Landed: s3:\/\/landing\/acme\/big.bin$/m);
    expect(outcomeForPeople(seen)).toMatch(warning);
    expect(historyForPeople(seen)).toMatch(warning);
    expect(outcomeAsJson(seen)).toMatchObject({ previous_secret: true });
    expect(historyAsJson(seen)).toMatchObject({ previous_secret: true });
  });

  test('is not there where the present one was taken', () => {
    expect(outcomeForPeople(landed())).not.toMatch(warning);
    expect(outcomeAsJson(landed())).not.toHaveProperty('previous_secret');
  });
});

test.each([
  [0, '0 retries'],
  [1, '0 retries, 1 reconnect'],
  [14, '0 retries, 14 reconnects'],
])('%d connections that broke and were made again', (reconnects, words) => {
  const workers = [attempt(0, 4_000, { logins: reconnects + 1, reconnects })];
  const seen = landed({}, { segments: [{ number: 1, workers }] });
  expect(outcomeForPeople(seen).split('\n')[1]).toMatch(new RegExp(`/s, ${words}$`));
});
