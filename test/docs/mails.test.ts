import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mailsOf, mailsPage, STOPPED, TEN_FAULTS } from '../support/mails/ten-faults.ts';

test('the page has the mails that the code makes', async () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/mails.md'), 'utf8');
  expect(page).toBe(await mailsPage());
});

test('ten faults make one mail each; one that is met 24 times in a day makes five', async () => {
  expect(TEN_FAULTS).toHaveLength(10);
  for (const fault of TEN_FAULTS) {
    const times = fault.executions.length > 20 ? 5 : 1;
    expect([fault.title, (await mailsOf(fault)).length]).toEqual([fault.title, times]);
  }
  expect(await mailsOf(STOPPED)).toEqual([]);
});
