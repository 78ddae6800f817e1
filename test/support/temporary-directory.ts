import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new folder that is removed after the suite or file which asked for it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'sftp-to-s3-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
