import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** A unit test is named `<source>.test.ts` or `<source>.<aspect>.test.ts`, in the folder that mirrors its source's. */

const PROJECT = path.join(import.meta.dirname, '../..');
const UNIT = path.join(PROJECT, 'test/unit');
/** What the tests themselves are built from is mirrored below test/. */
const BELOW_TEST = ['support', 'torture'];

const tests = readdirSync(UNIT, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.test.ts'),
);

test.each(tests)('%s names its source', (file) => {
  const [room = ''] = file.split(path.sep);
  const [source = ''] = path.basename(file).split('.');
  const mirrored = path.join(BELOW_TEST.includes(room) ? 'test' : '', path.dirname(file), `${source}.ts`);
  expect({ mirrored, exists: existsSync(path.join(PROJECT, mirrored)) }).toEqual({ mirrored, exists: true });
});
