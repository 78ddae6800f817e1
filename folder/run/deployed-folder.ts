import { z } from 'zod';
import { folderSettingsSchema, wholeNumber } from '../settings.ts';

/** Batches of small files of one run at a time, each over a session of its own. */
const DEFAULT_MAX_BATCHES_AT_ONCE = 8;

/** A folder as the configuration of a partner has it. */
export const configuredFolderSchema = folderSettingsSchema.extend({
  name: z
    .string('it must be 1 to 31 lower-case letters, digits and hyphens')
    .regex(
      /^[a-z][a-z0-9-]{0,30}$/,
      'it must be 1 to 31 lower-case letters, digits and hyphens, a letter first',
    )
    .describe('Names the folder for schedules, the command line and the ledger: a new name has no history.'),
  ifExists: z
    .enum(['replace', 'fail'], 'it must be replace or fail')
    .default('replace')
    .describe('What happens when an object of that key exists that is not of this delivery.'),
  maxFilesAtOnce: wholeNumber(1, 40, 'files')
    .default(1)
    .describe('Transfers of large files at a time, each with a width of maxConcurrency.'),
  maxBatchesAtOnce: wholeNumber(1, 900, 'batches')
    .optional()
    .describe('Sessions for small files at a time. Default: 8, or maxSessions where that is less.'),
  maxConcurrency: wholeNumber(1, 40, 'sessions at a time')
    .optional()
    .describe("Width of one large file's transfer. Default: the partner's, divided by maxFilesAtOnce."),
});
export type ConfiguredFolder = Readonly<z.infer<typeof configuredFolderSchema>>;

/** What the functions are given: every default filled. */
export const deployedFolderSchema = configuredFolderSchema.required({
  maxBatchesAtOnce: true,
  maxConcurrency: true,
});
export type DeployedFolder = Readonly<z.infer<typeof deployedFolderSchema>>;

/** Fills what depends on the partner. */
export function deployedFolder(
  folder: ConfiguredFolder,
  partner: { maxSessions: number; maxConcurrency: number },
): DeployedFolder {
  const share = Math.max(1, Math.floor(partner.maxConcurrency / folder.maxFilesAtOnce));
  return {
    ...folder,
    maxBatchesAtOnce: folder.maxBatchesAtOnce ?? Math.min(DEFAULT_MAX_BATCHES_AT_ONCE, partner.maxSessions),
    maxConcurrency: folder.maxConcurrency ?? share,
  };
}
