import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** No file of the tests is too long to be read at once: what one is about fits into `MAX_LINES`. */

const TEST = path.join(import.meta.dirname, '..');
const MAX_LINES = 400;
const files = readdirSync(TEST, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(path.sep).join('/'));

const linesOf = (file: string) => readFileSync(path.join(TEST, file), 'utf8').split('\n').length - 1;

test(`no file has more than ${MAX_LINES} lines`, () => {
  expect(files).toContain('conventions/file-lengths.test.ts');
  expect(files.filter((file) => linesOf(file) > MAX_LINES)).toEqual([]);
});
