import { archiveMistake } from './archive-place.ts';
import { sessionsOf } from './batches.ts';
import { countGroups } from './path-pattern.ts';
import type { FolderSettings } from './settings.ts';
import { canCollide, highestGroup, parseTemplate } from './target/target-template.ts';

/** One setting that does not go with another; `bound` ends the sentence "<path> is <value>, but …". */
export interface SettingMistake {
  path: string;
  value: unknown;
  bound: string;
}

/** What one folder's settings demand of each other. */
export function refuseFolderSettings(
  settings: FolderSettings,
  { allowDelete }: { allowDelete: boolean },
): SettingMistake[] {
  return [
    ...refuseGroups('target', settings.target, settings.include),
    ...refuseAfterProof(settings, allowDelete),
  ];
}

/** A group that no pattern captures would leave its place in every key empty. */
function refuseGroups(path: string, text: string, include: readonly string[]): SettingMistake[] {
  const wanted = highestGroup(parseTemplate(text));
  const poor = include.find((pattern) => countGroups(pattern) < wanted);
  if (poor === undefined) return [];
  const bound = `the pattern ${JSON.stringify(poor)} captures ${countGroups(poor)}, so that there is no {group.${wanted}}`;
  return [{ path, value: text, bound }];
}

function refuseAfterProof(settings: FolderSettings, allowDelete: boolean): SettingMistake[] {
  const { action, to } = settings.afterProof;
  if (action === 'delete' && !allowDelete) {
    const bound = 'deleting at the partner has to be allowed for the partner as well, by allowDelete';
    return [{ path: 'afterProof.action', value: action, bound }];
  }
  if (action !== 'move') {
    if (to === undefined) return [];
    return [{ path: 'afterProof.to', value: to, bound: 'only the action move has a place to move to' }];
  }
  if (to === undefined) return [{ path: 'afterProof.to', value: to, bound: 'the action move needs it' }];
  const mistake = archiveMistake({ root: settings.path, maxDepth: settings.maxDepth }, to);
  return [
    ...(mistake === undefined ? [] : [{ path: 'afterProof.to', value: to, bound: mistake }]),
    ...refuseGroups('afterProof.to', to, settings.include),
  ];
}

/** Two folders of one partner whose files may get one key. */
export function refuseCollidingTargets(
  folders: readonly { name: string; target: string }[],
): SettingMistake[] {
  return folders.flatMap((folder, index) => {
    const other = folders
      .slice(0, index)
      .find((earlier) => canCollide(parseTemplate(earlier.target), parseTemplate(folder.target)));
    if (other === undefined) return [];
    const bound =
      `a file of this folder and one of ${other.name} could get one key by ${JSON.stringify(other.target)}: ` +
      'begin or end the two in different ways';
    return [{ path: `folders[${index}].target`, value: folder.target, bound }];
  });
}

/** More sessions than the partner allows, over everything that one run does at once. */
export function refuseSessions(
  run: { maxFilesAtOnce: number; maxConcurrency: number; batchesAtOnce: number },
  maxSessions: number,
): SettingMistake[] {
  const needed = sessionsOf(run);
  if (needed <= maxSessions) return [];
  if (run.batchesAtOnce > maxSessions) {
    const bound = `it must be at most maxSessions, ${maxSessions}: each batch has a session`;
    return [{ path: 'maxBatchesAtOnce', value: run.batchesAtOnce, bound }];
  }
  const bound =
    `${run.maxFilesAtOnce} large files x ${run.maxConcurrency} need ${needed} sessions, and maxSessions is ` +
    `${maxSessions}`;
  return [{ path: 'maxFilesAtOnce', value: run.maxFilesAtOnce, bound }];
}
