import { describeConclusion } from '../../../../cli/results/describe-check.ts';
import type { CheckFailure, ServerCheckReport } from '../../../../doctor/report.ts';

const failed = (changes: Partial<CheckFailure>): ServerCheckReport => ({
  status: 'FAILED',
  server: 'sftp.partner.test:22',
  started_at: '2027-01-15T08:00:00.000Z',
  seconds: 1,
  stages: [],
  failure: {
    stage: 'login',
    error: 'SftpAuthenticationError',
    cause: 'refused',
    fault: 'partner',
    sentence: 'Why.',
    message_to_partner: `Subject: x\n\n${'a word and another '.repeat(12)}`,
    ...changes,
  },
  recommendation: null,
});

test.each([
  ['partner', undefined, 'To send to the partner:'],
  ['network', undefined, 'To send to the partner:'],
  ['ours', undefined, 'If ours is right, ask the partner:'],
  ['ours', 'SFTP desk, +49 30 5550100', 'If ours is right, ask the partner (SFTP desk, +49 30 5550100):'],
] as const)('whose fault %s, contact %s: %s', (fault, contact, heading) => {
  expect(describeConclusion(failed({ fault }), 200, contact)).toContain(`\n\n${heading}\n\n  Subject: x\n`);
});

test('the letter has 72 columns, however wide the terminal', () => {
  const [, letter = ''] = describeConclusion(failed({}), 200).split('partner:\n\n');
  const lengths = letter.split('\n').map((line) => line.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(72 + '  '.length);
});

test('a fact that is too long for a line goes on below its own beginning', () => {
  const message =
    '- at:         noon\n- it failed:  while opening the TCP connection, after the host name was resolved';
  const [, letter = ''] = describeConclusion(failed({ message_to_partner: message }), 200).split(
    'partner:\n\n',
  );
  expect(letter.split('\n')).toEqual([
    '  - at:         noon',
    '  - it failed:  while opening the TCP connection, after the host name was',
    '                resolved',
  ]);
});
