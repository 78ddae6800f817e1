import { buildReport } from '../../../../cli/report/build-report.ts';
import { failedAttempt, plausibleTimeline, timeline } from '../../../support/timelines.ts';

/** What a reader sees: the page without its style, tags and drawings' hidden titles. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

test('the summary holds the figures of the transfer', () => {
  const text = textOf(buildReport(plausibleTimeline(21, 8)));

  expect(text).toContain('✓ Succeeded /outbound/2026-11-21/big file.zip');
  expect(text).toContain('Size 1.0 GiB 1,081,081,873 bytes');
  expect(text).toContain('Chunks 21 of 50.0 MiB');
  expect(text).toContain('Retries 1 1 call waited for a session');
  expect(text).toContain('2026-11-22 02:30:00 UTC');
});

test('the head says who and where, and when by the clock of logs', () => {
  const local = { serverUrl: 'sftp://192.0.2.7:22', user: 'someone' };

  expect(textOf(buildReport(plausibleTimeline(21, 8)))).toMatch(
    / from partner acme host sftp\.acme\.example port 2222 started 2026-11-22 02:30:00 UTC , ended 2026-11-22 02:30:\d\d UTC , on AWS/,
  );
  expect(textOf(buildReport({ ...plausibleTimeline(2, 1), from: local }))).toContain(
    'from host 192.0.2.7 port 22 user someone started',
  );
});

test('every failure has its time by that clock, one row each', () => {
  const text = textOf(buildReport(plausibleTimeline(21, 8)));

  expect(text).toContain('All 2 failed attempts By time Failed at Where Error Cause');
  expect(text).toMatch(
    /2026-11-22 02:30:\d\d UTC segment 4 SftpConnectionError sftp\.acme\.example:22 closed/,
  );
});

test('what a failed transfer copied for nothing is not called a rate', () => {
  const { object, ...rest } = plausibleTimeline(21, 8);
  const failure = { name: 'SourceChangedError', cause: 'changed' };
  const text = textOf(buildReport({ ...rest, status: 'FAILED', failure }));

  expect(text).toContain('Copied 1.0 GiB in parts; no object was made');
  expect(text).not.toContain('Rate 1');
  expect(text).not.toContain('mean of the whole transfer Chunks');
});

test('the rate of a chunk is that of its bar: of the whole time that it took', () => {
  const page = buildReport(plausibleTimeline(21, 8));
  const [, table = ''] = /Slowest chunks<\/h2>(.*?)<\/section>/s.exec(page) ?? [];
  const rows = [...table.matchAll(/<tr>(?:(?!<tr>).)*?<\/tr>/gs)].map(([row]) => textOf(row)).slice(1);
  const numbers = rows.map((row) => {
    const [, seconds, mib, rate] = /(?:\d+) ([\d.]+) s .* ([\d.]+) MiB ([\d.]+) MiB\/s/.exec(row) ?? [];
    return { quotient: Number(mib) / Number(seconds), rate: Number(rate) };
  });

  expect(numbers).toHaveLength(10);
  for (const { quotient, rate } of numbers) expect(Math.abs(quotient - rate)).toBeLessThan(0.2);
  expect(rows[0]).toContain('0.');
});

test('every chunk has a bar that the tables point to', () => {
  const page = buildReport(plausibleTimeline(21, 8));

  const bars = [...page.matchAll(/<g id="(chunk-\d+)">/g)].map(([, id]) => id);
  expect(bars).toHaveLength(21);
  const targets = [...page.matchAll(/<g id="([^"]*)">/g)].map(([, id]) => id);
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(targets).toContain(target);
});

test('a failure is told with its name, its cause and its runbook', () => {
  const text = textOf(
    buildReport(
      timeline({
        durationMs: 31_000,
        status: 'FAILED',
        requestedPath: '/outbound/big.zip',
        failure: { name: 'SftpAuthenticationError', cause: 'the server refused the login' },
        steps: [{ ...failedAttempt(20, 30_900, 'SftpAuthenticationError'), step: 'GetFileMetadata' }],
      }),
    ),
  );

  expect(text).toContain('✕ Failed /outbound/big.zip');
  expect(text).toContain('SftpAuthenticationError the server refused the login');
  expect(text).toContain('What to do: docs/runbooks/sftp-authentication-error.md');
  expect(text).not.toContain('Chunks at a time');
});

test('the cost stands in the page of a transfer that succeeded', () => {
  const { object, ...unfinished } = plausibleTimeline(21, 8);

  // 1,081,081,873 bytes are 1.0068 GiB.
  expect(textOf(buildReport(plausibleTimeline(21, 8)))).toContain('NAT gateway, data 1.0 GiB $0.0453');
  expect(textOf(buildReport({ ...unfinished, status: 'RUNNING' }))).not.toContain('Cost on AWS');
});

test('nothing in the page leads out of it, and nothing runs', () => {
  const page = buildReport(plausibleTimeline(21, 8));

  expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`);
  expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b|\bon\w+=|@import|src=/i);
  for (const [, target] of page.matchAll(/\burl\(([^)]*)\)|href="([^"]*)"/g)) {
    expect(target ?? '#').toMatch(/^#/);
  }
});

test('a hostile file name and a hostile cause stay text', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
  const { file, ...rest } = plausibleTimeline(2, 1);
  const page = buildReport({
    ...rest,
    ...(file && { file: { ...file, path: hostile, key: hostile } }),
    requestedPath: hostile,
    executionId: hostile,
    failure: { name: hostile, cause: hostile },
    steps: [{ ...failedAttempt(0, 10, hostile), step: hostile }],
  });

  expect(page).not.toMatch(/<script|<img/);
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(6);
});

test('of more chunks than are seen apart, some of a segment share a bar that says so, and links still lead to bars', () => {
  const page = buildReport(plausibleTimeline(4_001, 8));

  const bars = [...page.matchAll(/<g id="(chunk-\d+)">/g)].map(([, id]) => id);
  expect(bars).toHaveLength(2_001);
  expect(page).toMatch(/<title>Chunks 1 to 2: 100\.0 MiB in [\d.]+ s, [\d.]+ MiB\/s; waited /);
  const targets = new Set([...page.matchAll(/<g id="([^"]*)">/g)].map(([, id]) => id));
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(targets).toContain(target);
  expect(textOf(page)).toContain('The slowest 2,000 of 4,001 chunks');
  expect(page.match(/<th scope="row" class="number"><a href="#chunk-/g)).toHaveLength(2_000 + 10);
});

test('of very many failures the first and the last have a row, and long causes are cut', () => {
  const failures = Array.from({ length: 1_900 }, (_, index) =>
    failedAttempt(
      index * 1_000,
      index * 1_000 + 500,
      'SftpConnectionError',
      `${index}: ${'x'.repeat(30_000)}`,
    ),
  );
  const text = textOf(
    buildReport(timeline({ durationMs: 2_000_000, segments: [{ number: 1, workers: failures }] })),
  );

  expect(text).toContain('The first and the last 250 of 1,900 failed attempts');
  expect(text).toMatch(/249: x+… \(30005 characters\) .* 1650: x+… /);
  expect(text).not.toMatch(/ (250|1649): x/);
});

test('the largest plan with as many failures as a history holds makes a page of less than 3 megabytes', () => {
  const largest = plausibleTimeline(10_000, 40);
  const [first, ...segments] = largest.segments;
  if (first === undefined) throw new Error('no segment');
  const failures = Array.from({ length: 1_900 }, (_, index) =>
    failedAttempt(index * 1_000, index * 1_000 + 500, 'SftpConnectionError', 'x'.repeat(30_000)),
  );
  const page = buildReport({
    ...largest,
    segments: [{ ...first, workers: [...failures, ...first.workers] }, ...segments],
  });
  expect(page.length).toBeLessThan(3_000_000);
});

test('2,000 chunks make a page of less than 1.3 megabytes', () => {
  expect(buildReport(plausibleTimeline(2_000, 40)).length).toBeLessThan(1_300_000);
});
