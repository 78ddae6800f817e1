import { z } from 'zod';
import { executionId, fileMetadataSchema } from '../../transfer/contracts.ts';

export const createFileChunksEventSchema = z.object({ execution_id: executionId, file: fileMetadataSchema });
export type CreateFileChunksEvent = z.infer<typeof createFileChunksEventSchema>;
