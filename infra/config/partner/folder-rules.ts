import { isAbsolute, join } from 'node:path/posix';
import { archiveMistake } from '../../../folder/archive-place.ts';
import {
  refuseCollidingTargets,
  refuseFolderSettings,
  refuseSessions,
  type SettingMistake,
} from '../../../folder/refuse-settings.ts';
import type { ConfiguredFolder } from '../../../folder/run/deployed-folder.ts';
import { folderWorkflowName } from '../../../folder/run/workflow-name.ts';
import type { Mistake } from '../mistakes.ts';
import { duplicates, type Rule } from '../rule.ts';
import { forEachPartner } from './partner-rules.ts';
import { deployedFoldersOf } from './partner-schema.ts';

/** The folders travel in the workflow's definition and in one state: half of a state's 262,144 bytes. */
const MAX_FOLDERS_JSON_BYTES = 131_072;

/** A mistake of the pure rules, with the place of its folder before it. */
const within =
  (place: string) =>
  ({ path, value, bound }: SettingMistake): Mistake => ({ path: `${place}.${path}`, value, bound });

const namesDiffer = forEachPartner(['folders'], ({ folders }, path) =>
  duplicates(
    folders,
    (folder) => folder.name,
    (index) => `${path}.folders[${index}].name`,
  ),
);

const settingsAgree = forEachPartner(['folders', 'allowDelete'], ({ folders, allowDelete }, path) =>
  folders.flatMap((folder, index) =>
    refuseFolderSettings(folder, { allowDelete }).map(within(`${path}.folders[${index}]`)),
  ),
);

const targetsDiffer = forEachPartner(['folders'], ({ folders }, path) =>
  refuseCollidingTargets(folders).map(within(path)),
);

/** An archive inside another folder's tree would be copied from there. */
const archivesAreOutsideAllFolders = forEachPartner(['folders'], ({ folders }, path) =>
  folders.flatMap((folder, index) =>
    folders.flatMap((other) => {
      const { action, to } = folder.afterProof;
      if (other === folder || action !== 'move' || to === undefined) return [];
      const mistake = archiveMistakeIn(other, isAbsolute(to) ? to : join(folder.path, to));
      if (mistake === undefined) return [];
      return [{ path: `${path}.folders[${index}].afterProof.to`, value: to, bound: mistake }];
    }),
  ),
);

function archiveMistakeIn(other: ConfiguredFolder, to: string): string | undefined {
  const mistake = archiveMistake({ root: other.path, maxDepth: other.maxDepth }, to);
  return mistake && `it leads into the folder ${other.name}: ${mistake}`;
}

const sessionsSuffice = forEachPartner(['folders', 'maxSessions', 'maxConcurrency'], (partner, path) =>
  deployedFoldersOf(partner).flatMap((folder, index) =>
    refuseSessions({ ...folder, batchesAtOnce: folder.maxBatchesAtOnce }, partner.maxSessions).map(
      within(`${path}.folders[${index}]`),
    ),
  ),
);

const foldersFitAState = forEachPartner(['folders', 'maxSessions', 'maxConcurrency'], (partner, path) => {
  const bytes = Buffer.byteLength(JSON.stringify(deployedFoldersOf(partner)));
  if (bytes <= MAX_FOLDERS_JSON_BYTES) return [];
  const bound = `its folders must be at most ${MAX_FOLDERS_JSON_BYTES} bytes of JSON: shorten their patterns`;
  return [{ path: `${path}.folders`, value: bytes, bound }];
});

const schedulesNameOne = forEachPartner(['schedules'], ({ schedules }, path) =>
  schedules.flatMap(({ input, folder }, index) => {
    if ((input === undefined) !== (folder === undefined)) return [];
    const bound = 'a schedule has either an input, which names a file, or a folder';
    return [{ path: `${path}.schedules[${index}].input`, value: input, bound }];
  }),
);

const scheduledFoldersExist = forEachPartner(['schedules', 'folders'], ({ schedules, folders }, path) =>
  schedules.flatMap(({ folder }, index) => {
    if (folder === undefined || folders.some(({ name }) => name === folder)) return [];
    const known = folders.map(({ name }) => name).join(', ') || 'none';
    const bound = `it must be one of the partner's folders: ${known}`;
    return [{ path: `${path}.schedules[${index}].folder`, value: folder, bound }];
  }),
);

/** The workflow over the folders of `acme` has the name that the transfer workflow of a partner `acme-folders` would have. */
const noPartnerIsNamedAsFolders: Rule = (configuration) => {
  const names: string[] = [];
  forEachPartner(['name', 'folders'], ({ name, folders }) => {
    if (folders.length > 0) names.push(folderWorkflowName(name));
    return [];
  })(configuration);
  return forEachPartner(['name'], ({ name }, path) =>
    names.includes(name)
      ? [
          {
            path: `${path}.name`,
            value: name,
            bound: 'another partner has folders, whose workflow has this name',
          },
        ]
      : [],
  )(configuration);
};

export const folderRules: readonly Rule[] = [
  namesDiffer,
  noPartnerIsNamedAsFolders,
  settingsAgree,
  targetsDiffer,
  archivesAreOutsideAllFolders,
  sessionsSuffice,
  foldersFitAState,
  schedulesNameOne,
  scheduledFoldersExist,
];
