import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { SYNTHESIS_SOURCES } from '../../scripts/synthesis-sources.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

/** Synthesises a copy of the project in `folder`; every file that came out, with its SHA-256. */
function synthesiseCopy(folder: string): Record<string, string> {
  mkdirSync(folder);
  for (const source of SYNTHESIS_SOURCES) {
    cpSync(path.join(PROJECT, source), path.join(folder, source), { recursive: true });
  }
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
  execFileSync(process.execPath, ['--disable-warning=DEP0044', 'main.ts'], {
    cwd: folder,
    env: { PATH: process.env.PATH },
  });
  const output = path.join(folder, 'cdktf.out');
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files
      .map((file) => path.join(file.parentPath, file.name))
      .sort()
      .map((file) => [
        path.relative(output, file),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  );
}

const parent = temporaryDirectory();

test('two folders, one of them with a space, and two times give the same bytes, packages included', () => {
  const first = synthesiseCopy(path.join(parent, 'first'));
  const second = synthesiseCopy(path.join(parent, 'a second one'));
  expect(Object.keys(first).filter((file) => file.endsWith('.zip'))).toHaveLength(20);
  expect(second).toEqual(first);
}, 120_000);
