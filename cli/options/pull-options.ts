import type { Command } from 'commander';
import { ORDER_KEYS } from '../../folder/order.ts';
import { refuseFolderSettings } from '../../folder/refuse-settings.ts';
import {
  DEFAULT_IGNORE,
  DEFAULT_QUIET_SECONDS,
  type FolderSettings,
  folderSettingsSchema,
  MAX_FOLDER_DEPTH,
} from '../../folder/settings.ts';
import { UsageError } from '../usage-error.ts';
import { countBetween } from './transfer-options.ts';

/** What the options of `addSelectionOptions` come to. */
export interface SelectionFlags {
  include: string[];
  exclude: string[];
  maxDepth: number;
  ignore: string[];
}

/** What the options of `addPullOptions` come to. */
export interface PullFlags extends SelectionFlags {
  quietSeconds: number;
  trigger?: string;
  order?: string[];
  limit?: number;
  target: string;
  after?: string;
  allowDelete?: true;
}

/** What follows when a file has landed. */
export const AFTER_OPTION = [
  '--after <action>',
  'what follows when a file has landed: move:<template>, or delete',
] as const;

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** Which files of a folder are meant. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      '--include <pattern>',
      'glob, or expression after re:, that the path must match; repeatable',
      collect,
      [],
    )
    .option('--exclude <pattern>', 'the same for paths that are left out; repeatable', collect, [])
    .option(
      '--max-depth <folders>',
      'folders below the folder that are read',
      countBetween(0, MAX_FOLDER_DEPTH),
      0,
    )
    .option(
      '--ignore <pattern>',
      `names of unfinished files, repeatable; replaces ${DEFAULT_IGNORE.slice(0, 3).join(' ')} and the like`,
      collect,
      [],
    );
}

/** Which files of the folder, when they are complete, what they become, and what follows. */
export function addPullOptions(command: Command): Command {
  return addSelectionOptions(command)
    .option(
      '--quiet-seconds <seconds>',
      'how long size and time must stay equal, by two listings',
      countBetween(0, 86_400),
      DEFAULT_QUIET_SECONDS,
    )
    .option('--trigger <name>', 'take a file only with its trigger, such as {name}.done, or _SUCCESS for all')
    .option('--order <keys>', `comma-separated: ${ORDER_KEYS.join(', ')}`, (text: string) => text.split(','))
    .option('--limit <files>', 'copies at most, the first in the order', countBetween(1, 10_000_000))
    .option('--target <template>', 'key after the prefix, such as {mtime:yyyy/MM}/{name}', '{path}')
    .option(...AFTER_OPTION)
    .option('--allow-delete', 'lets --after delete remove files from the server');
}

/** The folder's settings. @throws UsageError for what they may not be */
export function folderSettings(path: string, flags: PullFlags): FolderSettings {
  const { trigger, order, limit } = flags;
  const raw = {
    path,
    ...(flags.include.length > 0 && { include: flags.include }),
    exclude: flags.exclude,
    maxDepth: flags.maxDepth,
    ...(order !== undefined && { order }),
    ...(limit !== undefined && { limit }),
    target: flags.target,
    ready: {
      quietSeconds: flags.quietSeconds,
      ...(flags.ignore.length > 0 && { ignore: flags.ignore }),
      ...(trigger !== undefined && {
        trigger: { kind: trigger.includes('{') ? 'per-file' : 'per-folder', name: trigger },
      }),
    },
    afterProof: afterProof(flags.after),
  };
  const parsed = folderSettingsSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${issue?.path.join('.')} is ${JSON.stringify(issue?.input)}, but ${issue?.message}`,
    );
  }
  const [mistake] = refuseFolderSettings(parsed.data, { allowDelete: flags.allowDelete === true });
  if (mistake !== undefined) {
    throw new UsageError(`${mistake.path} is ${JSON.stringify(mistake.value)}, but ${mistake.bound}`);
  }
  return parsed.data;
}

function afterProof(after: string | undefined): object {
  if (after === undefined) return {};
  if (after === 'delete') return { action: 'delete' };
  if (after.startsWith('move:')) return { action: 'move', to: after.slice('move:'.length) };
  throw new UsageError(`--after is ${JSON.stringify(after)}, but it must be move:<template> or delete`);
}
