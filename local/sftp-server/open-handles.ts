import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from 'ssh2';

export interface OpenFile {
  kind: 'file';
  path: string;
  systemPath: string;
  file: FileHandle;
}

export interface OpenFolder {
  kind: 'folder';
  /** What READDIR has not listed yet. */
  entries: FileEntry[];
}

const HANDLE_BYTES = 4;

/** The handles of one SFTP session: a client names what it opened by the four bytes that it was given. */
export class OpenHandles {
  readonly #open = new Map<number, OpenFile | OpenFolder>();
  #last = 0;
  #isOver = false;

  /** What was being opened while its session ended is closed at once: nobody can name it any more. */
  add(opened: OpenFile | OpenFolder): Buffer {
    this.#last += 1;
    if (!this.#isOver) this.#open.set(this.#last, opened);
    else if (opened.kind === 'file') void opened.file.close().catch(() => {});
    const handle = Buffer.alloc(HANDLE_BYTES);
    handle.writeUInt32BE(this.#last);
    return handle;
  }

  file(handle: Buffer): OpenFile | undefined {
    const opened = this.#open.get(numberOf(handle));
    return opened?.kind === 'file' ? opened : undefined;
  }

  folder(handle: Buffer): OpenFolder | undefined {
    const opened = this.#open.get(numberOf(handle));
    return opened?.kind === 'folder' ? opened : undefined;
  }

  /** False when there is no such handle. */
  async close(handle: Buffer): Promise<boolean> {
    const opened = this.#open.get(numberOf(handle));
    if (opened === undefined) return false;
    this.#open.delete(numberOf(handle));
    if (opened.kind === 'file') await opened.file.close();
    return true;
  }

  /** Ends the session: closes what is open, and what is opened from now on. */
  async closeAll(): Promise<void> {
    this.#isOver = true;
    const opened = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(
      opened.map((one) => (one.kind === 'file' ? one.file.close().catch(() => {}) : undefined)),
    );
  }
}

function numberOf(handle: Buffer): number {
  return handle.length === HANDLE_BYTES ? handle.readUInt32BE() : 0;
}
