import { outcomeInWords } from '../../../../doctor/diagnosis/partner-words.ts';

test.each([
  ['tcp', 'refused', 3, 'refused at once'],
  ['tcp', 'refused', 4_200, 'refused after 4 s'],
  ['tcp', 'timed-out', 20_003, 'no answer for 20 s'],
  ['tcp', 'unreachable', 5, undefined],
  ['banner', 'closed', 40, "closed before the server's first word, at once"],
  ['banner', 'reset', 2_000, "closed before the server's first word, after 2 s"],
  ['banner', 'timed-out', 20_000, 'no first word from the server for 20 s'],
  ['login', 'timed-out', 30_000, 'no answer for 30 s'],
  ['login', 'closed', 100, 'closed by the server at once'],
  ['stat', 'closed', 100, undefined],
] as const)('%s, %s after %i ms: %s', (stage, how, milliseconds, words) => {
  expect(outcomeInWords(stage, how, milliseconds)).toBe(words);
});
