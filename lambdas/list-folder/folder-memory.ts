import {
  EMPTY_SNAPSHOT,
  type ListingSnapshot,
  packSnapshot,
  unpackSnapshot,
} from '../../folder/run/listing-snapshot.ts';
import { folderStateKeys } from '../../folder/run/state-keys.ts';
import type { FileIdentity } from '../../ledger/entry.ts';
import type { StateFiles } from '../../s3/ports.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import type { FolderLook } from '../shared/look-at-folder.ts';

/** What one run over a folder leaves for the next one, in the state bucket. */
export class FolderMemory {
  readonly #files: StateFiles;
  readonly #keys: ReturnType<typeof folderStateKeys>;

  constructor(files: StateFiles, partner: string, folder: string) {
    this.#files = files;
    this.#keys = folderStateKeys(partner, folder);
  }

  /** The last listing; `etag` is undefined where there is none yet. */
  async listing(signal: AbortSignal): Promise<{ snapshot: ListingSnapshot; etag: string | undefined }> {
    const file = await this.#files.find(this.#keys.listing, signal);
    if (file === undefined) return { snapshot: EMPTY_SNAPSHOT, etag: undefined };
    return { snapshot: await unpackSnapshot(file.bytes, this.#keys.listing), etag: file.etag };
  }

  /** Replaces the listing that this run has read. Where another run was quicker, its listing stays. */
  async keepListing(
    look: FolderLook,
    etag: string | undefined,
    telemetry: Telemetry,
    signal: AbortSignal,
  ): Promise<void> {
    const packed = await packSnapshot(snapshotOf(look));
    const isKept = await this.#files.write(this.#keys.listing, packed, signal, { replaces: etag });
    if (!isKept) telemetry.warn('another run has kept its listing meanwhile; this one is not kept');
  }

  /**
   * What the first complete listing showed. The first run that sees the whole folder keeps what it sees; until then
   * what is there counts as having been there.
   */
  async baseline(
    look: FolderLook,
    isDry: boolean,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, FileIdentity>> {
    const kept = await this.#keptBaseline(signal);
    if (kept !== undefined) return kept;
    if (isDry || look.unread.length > 0) return look.observations;
    const packed = await packSnapshot(snapshotOf(look));
    const isFirst = await this.#files.write(this.#keys.baseline, packed, signal, { replaces: undefined });
    // Another run was quicker: what it saw is what was there.
    const first = isFirst ? undefined : await this.#keptBaseline(signal);
    return first ?? look.observations;
  }

  async #keptBaseline(signal: AbortSignal): Promise<ReadonlyMap<string, FileIdentity> | undefined> {
    const kept = await this.#files.find(this.#keys.baseline, signal);
    return kept && (await unpackSnapshot(kept.bytes, this.#keys.baseline)).observations;
  }
}

function snapshotOf({ unread, observations }: FolderLook): ListingSnapshot {
  return { isComplete: unread.length === 0, observations };
}
