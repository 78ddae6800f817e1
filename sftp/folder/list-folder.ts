import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import { absolute } from '../../transfer/source/absolute-path.ts';
import type { ListedEntry } from '../../transfer/source/listed-entry.ts';
import { statResolved } from '../../transfer/source/locate-file.ts';
import type { SftpSession } from '../ports.ts';
import { wasAnswered } from '../source-errors.ts';
import { kindOf } from './entry-kind.ts';
import { judgeName } from './entry-name.ts';
import { FolderReader } from './folder-reader.ts';
import type { EntryAttributes, RawEntry } from './ports.ts';

/** Names of one listing at most: about 300 MB of memory. */
const MAX_LISTED_NAMES = 1_000_000;
/** Names that are asked about singly at a time; these answers may come in any order, unlike READDIR's. */
const LOOKS_IN_FLIGHT = 16;

export interface ListingRequest {
  /** Path of the folder on the server, as `resolveFolder` gives it. */
  root: string;
  /** Folders below it that are read: 0 is itself only. */
  maxDepth: number;
  /** `follow`: a link to a regular file inside the root is shown as that file. Links to folders are never followed. */
  links: 'skip' | 'follow';
  /** Whether a name is worth a request of its own where its page does not say enough. */
  isWanted: (path: string) => boolean;
  /** @default MAX_LISTED_NAMES */
  maxNames?: number;
}

/** A folder that was not read; the rest of the listing goes on, and shows nothing about what is in it. */
export interface UnreadFolder {
  /** Relative to the root. */
  path: string;
  message: string;
}

/** One page, or a folder that was not read. */
export type ListingPage = { entries: ListedEntry[] } | { unread: UnreadFolder };

/**
 * Lists a folder and the folders below it, a page at a time as the server gives them: up to eight folders at a time, and
 * of each folder one request for names. Where in a folder a handle is, only the server knows, and version 3 does not say
 * in which order it serves two requests for it: a name that falls between them would be missing without a word. Folders
 * have a handle each. Every name is shown once, also one that no path can be made of. The pages are not a snapshot: a file
 * that is renamed meanwhile may be missing, or be shown under both names.
 *
 * @throws SourceNotFoundError | SourcePermissionError for the root; SftpConnectionError | SftpStalledError when the
 *   listing broke off; InvalidTransferRequestError for more names than `maxNames`; the signal's reason
 */
export async function* listFolder(
  session: Pick<SftpSession, 'folders' | 'realpath' | 'stat'>,
  request: ListingRequest,
  signal: AbortSignal,
): AsyncGenerator<ListingPage> {
  const { maxNames = MAX_LISTED_NAMES, root } = request;
  const resolver = new EntryResolver(session, request, signal);
  const reader = new FolderReader((folder) => session.folders.readFolder(absolute(root, folder), signal));
  reader.add('');
  let names = 0;
  try {
    for (let step = await reader.next(); step !== undefined; step = await reader.next()) {
      signal.throwIfAborted();
      const { folder } = step;
      if ('error' in step) {
        if (folder === '' || !wasAnswered(step.error)) throw step.error;
        yield { unread: { path: folder, message: step.error.message } };
        continue;
      }
      names += step.page.length;
      if (names > maxNames) throw tooMany(request.root, names, maxNames);
      const entries = await resolver.resolve(folder, step.page);
      for (const { kind, path, nameProblem } of entries) {
        if (kind === 'folder' && nameProblem === undefined && depthOf(path) < request.maxDepth)
          reader.add(path);
      }
      if (entries.length > 0) yield { entries };
    }
  } finally {
    await reader.stop();
  }
}

/**
 * The folder's path as the server resolves it, or as it was given where that leads nowhere: a server may answer with a
 * path that holds outside of what it shows. Whether there is such a folder is for OPENDIR to say.
 * @throws SftpConnectionError | SftpStalledError | the signal's reason
 */
export async function resolveFolder(
  session: Pick<SftpSession, 'realpath' | 'stat'>,
  root: string,
  signal: AbortSignal,
): Promise<string> {
  const resolved = await session.realpath(root, signal);
  if (resolved === root) return root;
  try {
    return (await statResolved(session, resolved, root, signal)).path;
  } catch (error) {
    if (wasAnswered(error)) return resolved;
    throw error;
  }
}

/** Fills in what a page left open. */
class EntryResolver {
  readonly #session: Pick<SftpSession, 'folders' | 'realpath' | 'stat'>;
  readonly #request: ListingRequest;
  readonly #signal: AbortSignal;

  constructor(
    session: Pick<SftpSession, 'folders' | 'realpath' | 'stat'>,
    request: ListingRequest,
    signal: AbortSignal,
  ) {
    this.#session = session;
    this.#request = request;
    this.#signal = signal;
  }

  async resolve(folder: string, page: readonly RawEntry[]): Promise<ListedEntry[]> {
    const folderBytes = Buffer.byteLength(absolute(this.#request.root, folder)) + 1;
    const entries = page.map((raw) => toEntry(folder, raw, folderBytes));
    const open = entries.filter((entry) => this.#needsLook(entry));
    const lookOn = async (): Promise<void> => {
      for (let entry = open.pop(); entry !== undefined; entry = open.pop()) await this.#look(entry);
    };
    await Promise.all(Array.from({ length: LOOKS_IN_FLIGHT }, lookOn));
    return entries;
  }

  #needsLook(entry: ListedEntry): boolean {
    if (entry.nameProblem !== undefined) return false;
    if (entry.kind === 'unknown' && depthOf(entry.path) < this.#request.maxDepth) return true; // it may be a folder
    const isFollowed = entry.kind === 'link' && this.#request.links === 'follow';
    const isIncomplete =
      entry.kind === 'unknown' ||
      (entry.kind === 'file' && (entry.sizeBytes === undefined || entry.modifiedAtSeconds === undefined));
    return (isFollowed || isIncomplete) && this.#request.isWanted(entry.path);
  }

  /** Completes `entry` as far as the server does. */
  async #look(entry: ListedEntry): Promise<void> {
    const path = absolute(this.#request.root, entry.path);
    try {
      if (entry.kind !== 'link') {
        const attributes = await this.#session.folders.lookAt(path, this.#signal);
        if (attributes !== undefined) Object.assign(entry, describe(attributes));
      }
      if (entry.kind === 'link' && this.#request.links === 'follow') await this.#follow(entry, path);
    } catch (error) {
      // A dangling link, a loop, a name without permission: the entry stays as the page had it.
      if (!wasAnswered(error)) throw error;
    }
  }

  async #follow(entry: ListedEntry, path: string): Promise<void> {
    const target = await this.#session.realpath(path, this.#signal);
    if (!target.startsWith(this.#request.root === '/' ? '/' : `${this.#request.root}/`)) return;
    const stat = await this.#session.stat(path, this.#signal);
    if (stat.kind !== 'file') return;
    entry.kind = 'file';
    entry.sizeBytes = stat.sizeBytes;
    entry.modifiedAtSeconds = stat.modifiedAtSeconds;
  }
}

function toEntry(folder: string, raw: RawEntry, folderBytes: number): ListedEntry {
  const judged = judgeName(raw, folderBytes);
  const attributes = describe(raw.attributes);
  if ('name' in judged) return { path: relative(folder, judged.name), ...attributes };
  return { path: relative(folder, judged.shown), ...attributes, nameProblem: judged.problem };
}

/** Servers that do not know a size have been seen to send 2^63 or 2^64 - 1: that is none. */
function describe({ mode, sizeBytes, modifiedAtSeconds }: EntryAttributes): Omit<ListedEntry, 'path'> {
  return {
    kind: kindOf(mode),
    ...(sizeBytes !== undefined && sizeBytes <= Number.MAX_SAFE_INTEGER && { sizeBytes }),
    ...(modifiedAtSeconds !== undefined && { modifiedAtSeconds }),
  };
}

const relative = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** Folders between the root and what is at `path`. */
const depthOf = (path: string): number => path.split('/').length - 1;

function tooMany(root: string, names: number, maxNames: number): InvalidTransferRequestError {
  const bound = `it holds more than ${maxNames} names (${names} so far): divide it, or read fewer of its folders`;
  return new InvalidTransferRequestError('folder', root, bound);
}
