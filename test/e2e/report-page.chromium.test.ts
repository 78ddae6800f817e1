import { buildReport } from '../../cli/report/build-report.ts';
import { CHROMIUM_MISSING, inBrowser } from '../support/chromium.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { plausibleTimeline } from '../support/timelines.ts';

const DESKTOP = { width: 1_280, height: 900 };
/** A4 less its margins, at 96 dots an inch. */
const PAPER = { width: 703, height: 1_000 };
const PHONE = { width: 500, height: 900 };

/** Runs in the page: pairs of labels of the picture that cover each other, and labels outside of it. */
const LABELS = `(() => {
  const svg = document.querySelector('svg.timeline');
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const outside = boxes.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  const covered = boxes.flatMap((one, index) => boxes.slice(index + 1)
    .filter(({ box }) => box.left < one.box.right - 1 && one.box.left < box.right - 1 && box.top < one.box.bottom - 1 && one.box.top < box.bottom - 1)
    .map((other) => one.text + ' / ' + other.text));
  return { count: boxes.length, outside: outside.map(({ text }) => text), covered };
})()`;

describeUnless(CHROMIUM_MISSING, 'the report in a browser', () => {
  test.each([
    [1, 8],
    [21, 8],
    [2_000, 40],
  ])('%i chunks: every bar is drawn, no label covers another', async (chunkCount, width) => {
    const page = buildReport(plausibleTimeline(chunkCount, width));

    const seen = await inBrowser<{
      bars: number;
      drawn: number;
      labels: { count: number; outside: string[]; covered: string[] };
      requests: number;
    }>(
      page,
      `({
        bars: document.querySelectorAll('g[id^=chunk-]').length,
        drawn: [...document.querySelectorAll('g[id^=chunk-]')].filter((bar) => bar.getBoundingClientRect().width > 0).length,
        labels: ${LABELS},
        requests: performance.getEntriesByType('resource').length,
      })`,
      DESKTOP,
    );

    expect(seen).toMatchObject({
      bars: chunkCount,
      drawn: chunkCount,
      labels: { outside: [], covered: [] },
      requests: 0,
    });
  });

  test('on paper nothing is cut off, and what is folded on the screen is open', async () => {
    const page = buildReport(plausibleTimeline(21, 8)).replace('@media print', '@media all');

    const seen = await inBrowser<{
      closed: number;
      shown: number;
      cut: string[];
      page: number;
      window: number;
    }>(
      page,
      `({
        closed: document.querySelectorAll('details:not([open])').length,
        shown: [...document.querySelectorAll('details table')].filter((table) => table.getBoundingClientRect().height > 20 && table.checkVisibility({ contentVisibilityAuto: true })).length,
        cut: [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.getAttribute('aria-label')),
        page: document.documentElement.scrollWidth,
        window: document.documentElement.clientWidth,
      })`,
      PAPER,
    );

    // Failed attempts, steps, chunks.
    expect(seen).toMatchObject({ closed: 3, shown: 3 });
    expect(seen.cut).toEqual([]);
    expect(seen.page).toBe(seen.window);
  });

  test('on a phone the page keeps its width: only the picture and the tables scroll', async () => {
    const page = buildReport(plausibleTimeline(21, 8));

    const { page: pageWidth, window } = await inBrowser<{ page: number; window: number }>(
      page,
      '({ page: document.documentElement.scrollWidth, window: innerWidth })',
      PHONE,
    );

    expect(pageWidth).toBeLessThanOrEqual(window);
  });

  test('it follows the light or dark setting of the reader', async () => {
    const page = buildReport(plausibleTimeline(1, 1));
    const ground = 'getComputedStyle(document.body).backgroundColor';

    expect(await inBrowser<string>(page, ground, DESKTOP)).toBe('rgb(245, 246, 248)');
    expect(await inBrowser<string>(page, ground, { ...DESKTOP, dark: true })).toBe('rgb(18, 22, 27)');
  });

  test('a file name that is a script does not run', async () => {
    const name = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const { file, ...rest } = plausibleTimeline(1, 1);
    const page = buildReport({ ...rest, ...(file && { file: { ...file, path: name } }) });

    const seen = await inBrowser<{ title: string; heading: string; images: number }>(
      page,
      `({ title: document.title, heading: document.querySelector('h1').textContent, images: document.images.length })`,
      DESKTOP,
    );

    expect(seen).toEqual({ title: `${name}: succeeded`, heading: name, images: 0 });
  });
});
