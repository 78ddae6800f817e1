import {
  SftpRequestRefusedError,
  SourceNotFoundError,
  SourcePermissionError,
} from '../../transfer/errors.ts';
import { counted } from '../../transfer/text/counted.ts';
import { wasAnswered } from '../source-errors.ts';
import { isSelfOrParent } from './entry-name.ts';
import type { RawEntry } from './ports.ts';

/** Folders that are read at a time. A small one takes three round trips, in which the others go on. */
const FOLDERS_AT_A_TIME = 8;
/**
 * Answers in a row without a new name, beyond as many as a folder gives when it is read anew from its beginning. Servers
 * have been seen to begin again at the end, and to answer with no name at all.
 */
const SPARE_USELESS_PAGES = 100;

/** The next names of a folder, each shown once; or why it was not read (on). */
export type ReadStep = { folder: string; page: RawEntry[] } | { folder: string; error: unknown };

interface Folder {
  path: string;
  /** By the bytes: two names that show alike are two names. */
  seen: Set<string>;
  pages?: AsyncIterator<RawEntry[]>;
  /** It is the only one that is read, because the server refused it beside others. */
  isAlone: boolean;
  /** Answers that held a new name. */
  usefulPages: number;
  /** The last answers in a row that held none. */
  uselessPages: number;
}

type Answer = { folder: Folder; result: IteratorResult<RawEntry[]> } | { folder: Folder; error: unknown };

/**
 * Reads several folders at a time over one session, in the order in which they were added. The next page of a folder is
 * asked for before the one that has come is worked on, so that no round trip is lost.
 */
export class FolderReader {
  readonly #readFolder: (path: string) => AsyncIterable<RawEntry[]>;
  readonly #waiting: Folder[] = [];
  /** A server may have no handle left beside those that are open. */
  readonly #refused: Folder[] = [];
  readonly #reading = new Map<Folder, Promise<Answer>>();

  constructor(readFolder: (path: string) => AsyncIterable<RawEntry[]>) {
    this.#readFolder = readFolder;
  }

  add(path: string): void {
    this.#waiting.push({ path, seen: new Set(), isAlone: false, usefulPages: 0, uselessPages: 0 });
  }

  /** Undefined when all that were added have been read. */
  async next(): Promise<ReadStep | undefined> {
    for (;;) {
      this.#openMore();
      if (this.#reading.size === 0) return undefined;
      const answer = await Promise.race(this.#reading.values());
      const { folder } = answer;
      this.#reading.delete(folder);
      if ('error' in answer) {
        if (!this.#mayTryAlone(folder, answer.error)) return { folder: folder.path, error: answer.error };
        this.#refused.push(folder);
        continue;
      }
      if (answer.result.done === true) continue;
      const page = answer.result.value.filter(
        (entry) => !isSelfOrParent(entry) && isFirst(entry, folder.seen),
      );
      if (page.length > 0) {
        folder.usefulPages += 1;
        folder.uselessPages = 0;
      } else folder.uselessPages += 1;
      if (folder.uselessPages > folder.usefulPages + SPARE_USELESS_PAGES) {
        await folder.pages?.return?.();
        return { folder: folder.path, error: endless(folder) };
      }
      // Last in the queue, so that a folder of many names does not keep the others waiting.
      this.#ask(folder);
      return { folder: folder.path, page };
    }
  }

  /** Closes what is open, after its answer has come. */
  async stop(): Promise<void> {
    const open = [...this.#reading.keys()];
    this.#reading.clear();
    await Promise.allSettled(open.map(({ pages }) => pages?.return?.()));
  }

  #openMore(): void {
    while (this.#reading.size < FOLDERS_AT_A_TIME && this.#waiting.length > 0) {
      this.#ask(this.#waiting.shift() as Folder);
    }
    const refused = this.#reading.size === 0 ? this.#refused.shift() : undefined;
    if (refused !== undefined) this.#ask({ ...refused, isAlone: true });
  }

  #ask(folder: Folder): void {
    folder.pages ??= this.#readFolder(folder.path)[Symbol.asyncIterator]();
    const answer = folder.pages.next().then(
      (result) => ({ folder, result }),
      (error: unknown) => ({ folder, error }),
    );
    this.#reading.set(folder, answer);
  }

  /** What is not there, or not for us, is so whatever else is open. */
  #mayTryAlone(folder: Folder, error: unknown): boolean {
    if (folder.isAlone || !wasAnswered(error)) return false;
    if (error instanceof SourceNotFoundError || error instanceof SourcePermissionError) return false;
    delete folder.pages;
    return true;
  }
}

function endless({ path, seen, uselessPages }: Folder): SftpRequestRefusedError {
  return new SftpRequestRefusedError(
    `the listing of ${path === '' ? 'the folder' : path} does not end: the last ${uselessPages} answers of the server ` +
      `hold no new name, after ${counted(seen.size, 'name')}`,
  );
}

function isFirst({ name }: RawEntry, seen: Set<string>): boolean {
  const key = name.toString('latin1');
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
