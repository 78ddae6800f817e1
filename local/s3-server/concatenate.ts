import { open, rm } from 'node:fs/promises';
import { MIB } from '../../transfer/text/units.ts';
import type { Hasher } from './body/checksums.ts';

const COPY_BUFFER_BYTES = 4 * MIB;

/**
 * Writes the files one after the other into the new file `target`, and every byte written into `hasher`, if there is
 * one. Memory is one buffer, whatever the sizes. Leaves no file behind on failure.
 * @throws the signal's reason
 */
export async function concatenateFiles(
  sources: readonly string[],
  target: string,
  hasher: Hasher | undefined,
  signal: AbortSignal,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(COPY_BUFFER_BYTES);
  const output = await open(target, 'wx');
  try {
    for (const source of sources) {
      const input = await open(source, 'r');
      try {
        for (;;) {
          signal.throwIfAborted();
          const { bytesRead } = await input.read(buffer, 0, buffer.length, null);
          if (bytesRead === 0) break;
          const bytes = buffer.subarray(0, bytesRead);
          // Hashed while the system writes.
          const written = output.writev([bytes]);
          hasher?.update(bytes);
          const { bytesWritten } = await written;
          if (bytesWritten < bytesRead) await output.appendFile(bytes.subarray(bytesWritten));
        }
      } finally {
        await input.close();
      }
    }
    await output.close();
  } catch (error) {
    await output.close();
    await rm(target, { force: true });
    throw error;
  }
}
