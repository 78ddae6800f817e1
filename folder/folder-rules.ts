import type { FileIdentity } from '../ledger/entry.ts';
import type { FolderRules } from './decide.ts';
import type { FolderSettings } from './settings.ts';
import { parseTemplate } from './target/target-template.ts';

export interface RunRules {
  settings: FolderSettings;
  /** Put before every key as it is. */
  keyPrefix: string;
  /** What the folder's first complete listing showed; needed unless `settings.initial` is `all`. */
  baseline?: ReadonlyMap<string, FileIdentity>;
  /** Only these paths, where there is a list of them. */
  only?: readonly string[];
  /** Copies what has landed, or failed too often, all the same: a replay. */
  force?: boolean;
}

/** What a folder's settings say about its entries, in one run. */
export function folderRules({ settings, keyPrefix, baseline, only, force }: RunRules): FolderRules {
  const { ready, limit, initial } = settings;
  return {
    names: { ...settings, ignore: ready.ignore },
    ready: {
      quietSeconds: ready.quietSeconds,
      minBytes: ready.minBytes,
      ...(ready.giveUpAfterHours !== undefined && { giveUpAfterHours: ready.giveUpAfterHours }),
    },
    ...(ready.trigger !== undefined && { trigger: ready.trigger }),
    order: settings.order,
    select: settings.select,
    ...(limit !== undefined && { limit }),
    initial: baseline === undefined ? 'all' : initialOf(initial),
    target: { prefix: keyPrefix, template: parseTemplate(settings.target) },
    timeZone: settings.timeZone,
    maxFailures: settings.maxFailures,
    ...(only !== undefined && { only: new Set(only) }),
    ...(force === true && { force }),
  };
}

function initialOf(initial: FolderSettings['initial']): FolderRules['initial'] {
  if (typeof initial === 'string') return initial;
  return { newerThanSeconds: Date.parse(initial.newerThan) / 1000 };
}
