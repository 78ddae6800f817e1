import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

export interface ReportFile {
  /** Puts the page under the report's name, whole or not at all. @throws UsageError, when the disk is full */
  write(page: string): Promise<void>;
  /** Removes what is not under the report's name; never throws. */
  discard(): Promise<void>;
}

/**
 * Makes a file beside the report's now, and renames it at the end: a transfer of many hours should not learn at its end
 * that nothing can be written, and an earlier report stays until there is a new one.
 * @throws UsageError
 */
export async function openReportFile(path: string): Promise<ReportFile> {
  // A pipe or a device, such as /dev/stdout, is written to as it is.
  const isSpecial = await stat(path).then(
    (found) => !found.isFile(),
    () => false,
  );
  const temporary = isSpecial ? path : `${path}.${randomUUID()}.tmp`;
  const refuse = (error: Error): never => {
    throw new UsageError(`the report cannot be written: ${error.message}`, { cause: error });
  };
  const file: FileHandle = await open(temporary, isSpecial ? 'w' : 'wx').catch(refuse);
  return {
    async write(page) {
      await file
        .writeFile(page)
        .then(() => file.close())
        .then(() => (isSpecial ? undefined : rename(temporary, path)))
        .catch(refuse);
    },
    async discard() {
      await file.close().catch(() => {});
      if (!isSpecial) await rm(temporary, { force: true });
    },
  };
}
