import { z } from 'zod';
import { byteCount, sftpPath } from '../transfer/contracts.ts';

/** Asks the function of GetFileMetadata to check the partner's server instead; the workflow never does. */
export const serverCheckEventSchema = z.strictObject({
  check: z.strictObject({
    /** The file to read; without it, reading and throughput are skipped. */
    path: sftpPath.optional(),
    /** Size to recommend settings for; without it, the file's. */
    file_size_bytes: byteCount.optional(),
  }),
});
export type ServerCheckEvent = z.infer<typeof serverCheckEventSchema>;
