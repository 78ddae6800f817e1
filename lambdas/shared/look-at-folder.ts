import { dirname } from 'node:path/posix';
import { identityOf } from '../../folder/identity.ts';
import {
  MAX_MANIFEST_BYTES,
  type Manifest,
  ManifestError,
  parseManifest,
} from '../../folder/ready/manifest.ts';
import { type Observation, observe } from '../../folder/ready/observation.ts';
import { compileNameRules } from '../../folder/select-files.ts';
import type { FolderSettings } from '../../folder/settings.ts';
import { listFolder, resolveFolder, type UnreadFolder } from '../../sftp/folder/list-folder.ts';
import type { SftpSession } from '../../sftp/ports.ts';
import { SourceChangedError, SourceNotFoundError } from '../../transfer/errors.ts';
import { absolute } from '../../transfer/source/absolute-path.ts';
import { type ListedEntry, mayBeFile } from '../../transfer/source/listed-entry.ts';

/** One listing of the whole folder, and what was read with it. */
export interface FolderLook {
  rootPath: string;
  entries: readonly ListedEntry[];
  unread: readonly UnreadFolder[];
  /** Of every regular file, earlier listings included. */
  observations: ReadonlyMap<string, Observation>;
  manifests: ReadonlyMap<string, Manifest | { problem: string }>;
}

/**
 * Lists the folder and adds what it shows to the earlier observations. A path that is not listed loses its own: should
 * it come back, its observation starts anew.
 * @throws what `listFolder` throws
 */
export async function lookAtFolder(
  session: SftpSession,
  settings: FolderSettings,
  earlier: ReadonlyMap<string, Observation>,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<FolderLook> {
  const judge = compileNameRules({ ...settings, ignore: settings.ready.ignore });
  const entries: ListedEntry[] = [];
  const unread: UnreadFolder[] = [];
  const rootPath = await resolveFolder(session, settings.path, signal);
  const request = {
    root: rootPath,
    maxDepth: settings.maxDepth,
    links: settings.links,
    isWanted: (path: string) => judge(path).wanted,
  };
  for await (const page of listFolder(session, request, signal)) {
    if ('entries' in page) entries.push(...page.entries);
    else unread.push(page.unread);
  }
  const observations = new Map<string, Observation>();
  for (const entry of entries) {
    const identity =
      entry.nameProblem === undefined && entry.kind !== 'folder' ? identityOf(entry) : undefined;
    if (identity === undefined) continue;
    observations.set(entry.path, observe(earlier.get(entry.path), identity, nowMs()));
  }
  const manifests = await readManifests(session, settings, rootPath, entries, signal);
  return { rootPath, entries, unread, observations, manifests };
}

async function readManifests(
  session: SftpSession,
  settings: FolderSettings,
  rootPath: string,
  entries: readonly ListedEntry[],
  signal: AbortSignal,
): Promise<Map<string, Manifest | { problem: string }>> {
  const manifests = new Map<string, Manifest | { problem: string }>();
  const { trigger } = settings.ready;
  if (trigger?.kind !== 'manifest') return manifests;
  for (const entry of entries) {
    const { path, sizeBytes = 0 } = entry;
    if (!mayBeFile(entry) || path.split('/').at(-1) !== trigger.name) continue;
    if (sizeBytes > MAX_MANIFEST_BYTES) {
      manifests.set(path, { problem: `it has more than ${MAX_MANIFEST_BYTES} bytes` });
      continue;
    }
    try {
      const { bytes } = await session.folders.readWhole(absolute(rootPath, path), sizeBytes, signal);
      manifests.set(path, parseManifest(bytes.toString('utf8'), dirname(path)));
    } catch (error) {
      if (!isProblemOfManifest(error)) throw error;
      manifests.set(path, { problem: error.message });
    }
  }
  return manifests;
}

/** One that changes or vanishes before it was read: the next listing shows how it is by then. */
function isProblemOfManifest(error: unknown): error is Error {
  return (
    error instanceof ManifestError ||
    error instanceof SourceChangedError ||
    error instanceof SourceNotFoundError
  );
}
