import { z } from 'zod';
import type { ObjectStore } from '../../s3/ports.ts';
import { UploadGoneError } from '../../transfer/errors.ts';
import type { Copying } from '../sight.ts';
import type { ExecutionReader } from './executions.ts';

const uploadSchema = z.object({
  file: z.object({ bucket: z.string(), key: z.string(), size_bytes: z.number() }),
  upload: z.object({ upload_id: z.string() }),
});

/** How far a transfer is, by the parts that S3 has; undefined before its upload, and once it is gone. */
export async function copyProgress(
  executionArn: string,
  executions: Pick<ExecutionReader, 'firstOutputs'>,
  store: Pick<ObjectStore, 'listParts'>,
  signal: AbortSignal,
): Promise<Copying['progress']> {
  for (const output of await executions.firstOutputs(executionArn, signal)) {
    const state = uploadSchema.safeParse(output);
    if (!state.success) continue;
    const { file, upload } = state.data;
    try {
      const target = { bucket: file.bucket, key: file.key, uploadId: upload.upload_id };
      const parts = await store.listParts(target, signal);
      return {
        doneBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        sizeBytes: file.size_bytes,
      };
    } catch (error) {
      // It is being completed, or was aborted: the next evaluation shows which.
      if (error instanceof UploadGoneError) return undefined;
      throw error;
    }
  }
  return undefined;
}
