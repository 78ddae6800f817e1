import { z } from 'zod';
import { AFTER_PROOF_ACTIONS } from '../ledger/entry.ts';
import { timeZone } from '../transfer/text/time-zone.ts';
import { DEFAULT_ORDER, ORDER_KEYS } from './order.ts';
import { compilePattern } from './path-pattern.ts';
import { triggerNameMistake } from './ready/trigger.ts';
import { parseTemplate, TemplateError } from './target/target-template.ts';

/**
 * The settings of one folder, as they are written in the configuration file and as the command line makes them from
 * its flags. Each message is the end of the sentence "<path> is <value>, but …".
 */

/** Long enough for the pauses of a writer over a bad line; short against an hourly schedule. */
export const DEFAULT_QUIET_SECONDS = 120;
/** Names that writers give to what they have not finished, over many programs. */
export const DEFAULT_IGNORE: readonly string[] = [
  '.*',
  '*.part',
  '*.partial',
  '*.tmp',
  '*.temp',
  '*.filepart',
  '*.crdownload',
  '*.inprogress',
  '*.writing',
  '*.camelLock',
  '~*',
  '*~',
];
/** A file that fails so often needs a person. */
const DEFAULT_MAX_FAILURES = 5;
export const MAX_FOLDER_DEPTH = 100;

export const wholeNumber = (low: number, high: number, unit: string) => {
  const bound = `it must be a whole number of ${unit}, ${low} to ${high}`;
  return z.int(bound).min(low, bound).max(high, bound);
};

const refused = (check: (text: string) => string | undefined) =>
  z.string('it must be a string').superRefine((value, context) => {
    const mistake = check(value);
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake, input: value });
  });

const pattern = () =>
  refused((text) => {
    try {
      compilePattern(text, { caseSensitive: true });
      return undefined;
    } catch (error) {
      return `it must be a glob, or an expression after re: (${(error as Error).message})`;
    }
  });

const template = () =>
  refused((text) => {
    try {
      parseTemplate(text);
      return undefined;
    } catch (error) {
      if (error instanceof TemplateError) return error.message;
      throw error;
    }
  });

const triggerSchema = z
  .strictObject({
    kind: z.enum(['per-file', 'per-folder', 'manifest'], 'it must be per-file, per-folder or manifest'),
    name: z.string('it must be a name'),
    required: z.boolean('it must be true or false').default(true),
  })
  .superRefine((trigger, context) => {
    const mistake = triggerNameMistake(trigger);
    if (mistake === undefined) return;
    context.addIssue({ code: 'custom', message: mistake, path: ['name'], input: trigger.name });
  });

const readySchema = z.strictObject({
  quietSeconds: wholeNumber(0, 86_400, 'seconds')
    .default(DEFAULT_QUIET_SECONDS)
    .describe('Size and time must be equal in two listings this far apart, by our clock.'),
  minBytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'bytes')
    .default(0)
    .describe('Smaller files wait. Empty files are files.'),
  ignore: z
    .array(pattern(), 'it must be a list')
    .default([...DEFAULT_IGNORE])
    .describe('Names of unfinished files; replaces the defaults.'),
  trigger: triggerSchema.optional().describe('How the partner says that a file is complete.'),
  giveUpAfterHours: wholeNumber(1, 8_760, 'hours')
    .optional()
    .describe('A file that is not ready for so long is reported as overdue.'),
});

const afterProofSchema = z.strictObject({
  action: z.enum(AFTER_PROOF_ACTIONS, `it must be one of ${AFTER_PROOF_ACTIONS.join(', ')}`).default('none'),
  to: template().optional().describe('Where a file is moved to, absolute or relative to the folder.'),
  onConflict: z
    .enum(['suffix', 'replace', 'leave'], 'it must be one of suffix, replace, leave')
    .default('suffix')
    .describe('What happens when the archive has a file of that name.'),
  graceHours: wholeNumber(0, 8_760, 'hours').default(0).describe('How long a landed file stays where it is.'),
  triggerToo: z.boolean('it must be true or false').default(true).describe('The trigger goes the same way.'),
  createFolders: z.boolean('it must be true or false').default(false),
});

export const folderSettingsSchema = z.strictObject({
  path: z.string('it must be a path').min(1, 'it must name a folder').describe('The folder on the server.'),
  include: z
    .array(pattern(), 'it must be a list')
    .min(1, 'it must hold at least one pattern')
    .default(['**'])
    .describe('Globs, or expressions after re:, of which one must match the path relative to the folder.'),
  exclude: z.array(pattern(), 'it must be a list').default([]),
  caseSensitive: z.boolean('it must be true or false').default(true).describe('For patterns only.'),
  maxDepth: wholeNumber(0, MAX_FOLDER_DEPTH, 'folders')
    .default(0)
    .describe('Folders below the folder; 0: only itself.'),
  links: z
    .enum(['skip', 'follow'], 'it must be skip or follow')
    .default('skip')
    .describe('follow: only links to regular files inside the folder.'),
  order: z
    .array(z.enum(ORDER_KEYS, `it must be one of ${ORDER_KEYS.join(', ')}`), 'it must be a list')
    .min(1, 'it must hold at least one key')
    .default([...DEFAULT_ORDER]),
  select: z.enum(['all', 'latest'], 'it must be all or latest').default('all'),
  limit: wholeNumber(1, 10_000_000, 'files').optional().describe('Copies of one run at most.'),
  initial: z
    .union([
      z.enum(['all', 'none']),
      z.strictObject({ newerThan: z.iso.datetime('it must be a UTC time as 2026-11-25T00:00:00Z') }),
    ])
    .default('all')
    .describe('Which of the files that are there at the first run are wanted.'),
  target: template().default('{path}').describe('Key of the object, after the prefix.'),
  timeZone: timeZone().default('UTC'),
  redelivery: z
    .enum(['by-identity', 'on-reappearance'], 'it must be by-identity or on-reappearance')
    .default('by-identity')
    .describe('Whether the same file is new again after it was gone.'),
  onEmptyFolder: z.enum(['ok', 'fail'], 'it must be ok or fail').default('ok'),
  maxFailures: wholeNumber(1, 1_000, 'failures').default(DEFAULT_MAX_FAILURES),
  ready: readySchema.prefault({}),
  afterProof: afterProofSchema.prefault({}),
});

export type FolderSettings = Readonly<z.infer<typeof folderSettingsSchema>>;
