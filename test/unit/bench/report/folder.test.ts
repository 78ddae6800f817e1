import { QUICK_FOLDER_PLAN } from '../../../../bench/plan.ts';
import { formatFolder } from '../../../../bench/report/folder.ts';

test('shows what the first run and the one after it took, and how often they logged in', () => {
  const rows = [
    {
      contender: 'ours',
      connections: 8,
      first: { seconds: 4, logins: 10 },
      again: { seconds: 0.84, logins: 1 },
    },
  ];
  const text = formatFolder({ plan: QUICK_FOLDER_PLAN, rows });
  expect(text).toContain('200 files of 10 KiB into S3, 20 ms');
  expect(text.split('\n').at(-1)).toMatch(/^\| ours +\| +8 \| +10 \| +4\.0 \| +50 \| +1 \| +0\.8 \|$/);
});

test('says why there is none', () => {
  expect(formatFolder({ missing: 'no gcc' })).toBe('No folder was measured: no gcc.');
});
