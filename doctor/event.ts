import { z } from 'zod';
import { folderSettingsSchema } from '../folder/settings.ts';
import { between, byteCount, sftpPath } from '../transfer/contracts.ts';

/** Asks the function of GetFileMetadata to check the partner's server instead; the workflow never does. */
export const serverCheckEventSchema = z.strictObject({
  check: z.strictObject({
    /** The file to read; without it, reading and throughput are skipped. */
    path: sftpPath.optional(),
    /** How a folder is to be listed; its path is taken instead of `path`. */
    folder: folderSettingsSchema.optional(),
    /** Whether to try if files may be renamed and removed there. */
    after_proof: z.boolean().optional(),
    /** Sessions that were reserved for this check; without it, as many as it counts up to. */
    sessions: between(1, Number.MAX_SAFE_INTEGER, 'sessions').optional(),
    /** Size to recommend settings for; without it, the file's. */
    file_size_bytes: byteCount.optional(),
  }),
});
export type ServerCheckEvent = z.infer<typeof serverCheckEventSchema>;
