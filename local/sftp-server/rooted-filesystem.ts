import { constants, promises as fs, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** The client asked for something outside the served folder, or for a change inside. */
export class AccessDeniedError extends Error {
  override readonly name = 'AccessDeniedError';
}

/**
 * One folder seen as a whole file system: `/` is the folder, `..` stops at it, and a symbolic link is followed
 * only while it stays inside. Paths given to it and returned by it are absolute in that view.
 */
export class RootedFilesystem {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** @throws the system's error when `rootDirectory` cannot be resolved */
  static async open(rootDirectory: string): Promise<RootedFilesystem> {
    return new RootedFilesystem(await fs.realpath(rootDirectory));
  }

  /** Resolves links; as OpenSSH does, lets the last name be one that does not exist. */
  async realpath(requested: string): Promise<string> {
    try {
      return this.#inView(await this.#resolve(requested));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const parent = this.#inView(await this.#resolve(path.posix.dirname(fromRoot(requested))));
      return path.posix.join(parent, path.posix.basename(fromRoot(requested)));
    }
  }

  async stat(requested: string): Promise<Stats> {
    return fs.stat(await this.#resolve(requested));
  }

  /** Of the link itself when the last name is one. */
  async lstat(requested: string): Promise<Stats> {
    return fs.lstat(await this.#nameOf(requested));
  }

  async openForReading(requested: string): Promise<{ file: FileHandle; systemPath: string }> {
    const systemPath = await this.#resolve(requested);
    const file = await fs.open(systemPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return { file, systemPath };
  }

  /** The names in a folder, with attributes as lstat gives them. */
  async list(requested: string): Promise<{ name: string; stats: Stats }[]> {
    const folder = await this.#resolve(requested);
    const names = await fs.readdir(folder);
    return Promise.all(
      names.sort().map(async (name) => ({ name, stats: await fs.lstat(path.join(folder, name)) })),
    );
  }

  /** Fails where `to` exists, as version 3 of the protocol wants it. Files only, as OpenSSH does it: by a second name. */
  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [await this.#nameOf(from), await this.#nameOf(to)];
    await fs.link(source, target);
    await fs.unlink(source);
  }

  async remove(requested: string): Promise<void> {
    await fs.unlink(await this.#nameOf(requested));
  }

  async makeFolder(requested: string): Promise<void> {
    await fs.mkdir(await this.#nameOf(requested));
  }

  /** Where a name is on this machine, whether or not it exists; its folder must. */
  async #nameOf(requested: string): Promise<string> {
    const fromTop = fromRoot(requested);
    const folder = await this.#resolve(path.posix.dirname(fromTop));
    return path.join(folder, path.posix.basename(fromTop));
  }

  async #resolve(requested: string): Promise<string> {
    const resolved = await fs.realpath(path.join(this.#root, fromRoot(requested)));
    if (resolved !== this.#root && !resolved.startsWith(this.#root + path.sep)) {
      throw new AccessDeniedError(`${requested} leads out of the served folder`);
    }
    return resolved;
  }

  #inView(resolved: string): string {
    return path.posix.join('/', path.relative(this.#root, resolved));
  }
}

function fromRoot(requested: string): string {
  return path.posix.resolve('/', requested);
}

function isNotFound(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
