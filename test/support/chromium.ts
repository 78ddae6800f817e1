import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const TIMEOUT_MS = 60_000;
const MAX_DOM_BYTES = 64 * 1024 ** 2;

const CHROMIUM = NAMES.find((name) => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Why no browser can be used here; undefined when one can. */
export const CHROMIUM_MISSING = CHROMIUM === undefined ? 'chromium is not installed' : undefined;

/**
 * Opens a page in a headless browser and returns what `expression`, JavaScript that is evaluated in the page, gives.
 * The page's own content policy is lifted for that.
 */
export async function inBrowser<Result>(
  page: string,
  expression: string,
  window: { width: number; height: number; dark?: boolean },
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-browser-'));
  try {
    const probe = `<script>addEventListener('load', () => {
      const result = document.createElement('script');
      result.type = 'application/json';
      result.id = 'probe-result';
      result.textContent = encodeURIComponent(JSON.stringify(${expression}));
      document.body.append(result);
    })</script>`;
    const file = join(folder, 'page.html');
    await writeFile(file, page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '') + probe);
    const { stdout } = await promisify(execFile)(
      CHROMIUM ?? '',
      [
        '--headless',
        '--disable-gpu',
        '--disable-background-networking',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...(window.dark ? ['--blink-settings=preferredColorScheme=0'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        `--window-size=${window.width},${window.height}`,
        '--dump-dom',
        `file://${file}`,
      ],
      { timeout: TIMEOUT_MS, maxBuffer: MAX_DOM_BYTES },
    );
    const encoded = /id="probe-result">([^<]*)</.exec(stdout)?.[1];
    if (encoded === undefined) throw new Error('the page did not load');
    return JSON.parse(decodeURIComponent(encoded)) as Result;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
