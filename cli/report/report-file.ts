import { type FileHandle, open } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

export interface ReportFile {
  write(page: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Empties or makes the file now: a transfer of many hours should not learn at its end that nothing can be written.
 * @throws UsageError
 */
export async function openReportFile(path: string): Promise<ReportFile> {
  let file: FileHandle;
  try {
    file = await open(path, 'w');
  } catch (error) {
    throw new UsageError(`the report cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return { write: (page) => file.writeFile(page), close: () => file.close() };
}
