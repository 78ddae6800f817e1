import type { UploadedPart } from '../../s3/ports.ts';
import type { OpenSftpFile } from '../../sftp/ports.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { SourceChangedError } from '../../transfer/errors.ts';
import { type ChunkGrid, chunkAt } from '../../transfer/plan/plan-chunks.ts';
import { assertUnchanged } from '../../transfer/source-file.ts';
import { type SessionPorts, withPlannedSecret, withSession } from '../shared/partner-session.ts';

/** CRC64NVME of a stream of bytes. */
export interface ChecksumHasher {
  update(bytes: Uint8Array): void;
  /** Eight bytes, big-endian. */
  digest(): Buffer;
}

export interface ProofPorts extends SessionPorts {
  newHasher: () => ChecksumHasher;
}

/**
 * Reads chunks again and compares them with the parts that S3 has of them. Size and time of a file may be equal and
 * its bytes not: a checksum over the whole object could not show that half of it is of another day.
 * @param sample finished parts, in the order of their numbers
 * @throws SourceChangedError when a chunk is another one now, and the errors of connecting and reading
 */
export async function proveSample(
  file: PlannedTransfer,
  grid: ChunkGrid,
  sample: readonly (UploadedPart & { checksumCrc64Nvme: string })[],
  ports: ProofPorts,
  signal: AbortSignal,
): Promise<void> {
  if (sample.length === 0) return;
  await withSession(withPlannedSecret(ports, file), signal, async (session) => {
    const expectedBytes = sample.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const request = { maxReadBytes: file.max_read_bytes, expectedBytes };
    const source = await session.open(file.path, request, signal);
    try {
      assertUnchanged(file, await source.stat());
      for (const part of sample) await proveChunk(source, file.path, grid, part, ports);
    } finally {
      await source.close();
    }
  });
}

async function proveChunk(
  source: OpenSftpFile,
  path: string,
  grid: ChunkGrid,
  { partNumber, checksumCrc64Nvme: kept }: UploadedPart & { checksumCrc64Nvme: string },
  { newHasher }: ProofPorts,
): Promise<void> {
  const { start_byte: startByte, end_byte: endByte } = chunkAt(grid, partNumber);
  const hasher = newHasher();
  if (endByte > startByte) {
    for await (const bytes of source.read({ startByte, endByte }) as AsyncIterable<Buffer>)
      hasher.update(bytes);
  }
  const now = hasher.digest().toString('base64');
  if (now === kept) return;
  throw new SourceChangedError(
    `${path} has the size and the time of the kept parts, but other bytes: chunk ${partNumber}, bytes ${startByte} to ` +
      `${endByte}, had the CRC64NVME ${kept} then, and has ${now} now`,
  );
}
