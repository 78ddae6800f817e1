import { createHash } from 'node:crypto';
import type { StateFile, StateFiles } from '../../s3/ports.ts';

/** StateFiles in memory. */
export class MemoryStateFiles implements StateFiles {
  readonly files = new Map<string, Buffer>();

  async find(key: string): Promise<StateFile | undefined> {
    const bytes = this.files.get(key);
    return bytes && { bytes, etag: etagOf(bytes) };
  }

  async write(
    key: string,
    bytes: Uint8Array,
    _signal: AbortSignal,
    condition?: { replaces: string | undefined },
  ): Promise<boolean> {
    const present = this.files.get(key);
    if (condition !== undefined && condition.replaces !== (present && etagOf(present))) return false;
    this.files.set(key, Buffer.from(bytes));
    return true;
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* [...this.files.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /** The lines of the only file whose key ends so. */
  lines(ending: string): unknown[] {
    const [key, ...others] = [...this.files.keys()].filter((name) => name.endsWith(ending));
    if (key === undefined || others.length > 0) throw new Error(`not one file ends with ${ending}`);
    const text = this.files.get(key)?.toString() ?? '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}

function etagOf(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
