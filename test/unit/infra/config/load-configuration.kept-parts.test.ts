import { parseConfiguration } from '../../../../infra/config/load-configuration.ts';

const withDays = (keepPartsDays: number, days?: number, input: object = {}) => ({
  region: 'eu-west-1',
  ...(days !== undefined && { landingBucket: { expireIncompleteUploadsAfterDays: days } }),
  partners: [
    {
      name: 'acme',
      host: 'sftp.acme.example',
      hostKeyFingerprints: ['SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA'],
      allowedCidrs: ['198.51.100.0/24'],
      keepPartsDays,
      schedules: [{ name: 'daily', cron: 'cron(0 2 * * ? *)', input: { sftp_file_path: '/a', ...input } }],
    },
  ],
});

test.each([
  [
    'longer than the lifecycle rule keeps their upload',
    withDays(3, 10),
    'keepPartsDays is 3, but it must be at most 2',
  ],
  ['for longer than a fortnight', withDays(15), '0 to 14'],
  ['by a schedule that resumes', withDays(3, 11, { resume_execution: 'arn' }), 'resume_execution'],
])('parts are not kept %s', (_case, raw, said) => {
  expect(() => parseConfiguration(raw, 'test.json')).toThrow(said);
});

test.each([
  [0, 8],
  [3, 11],
  [14, undefined],
])('%d days fit a lifecycle rule of %p', (keepPartsDays, days) => {
  const [partner] = parseConfiguration(withDays(keepPartsDays, days), 'test.json').partners;
  expect(partner?.keepPartsDays).toBe(keepPartsDays);
});
