import { claim, commit, fail, noteUpload, renew, rollBack, suspend } from './claim-transitions.ts';
import { type EntryState, type EntryTransition, type LedgerEntry, livingEntry, stateOf } from './entry.ts';
import type {
  AfterProofMark,
  AfterProofResult,
  ClaimReference,
  ClaimRequest,
  ClaimResult,
  CommitRequest,
  FileLedger,
  ForgetResult,
  OwnerWrite,
  RollBackResult,
} from './ports.ts';
import type { RowStore } from './row-store.ts';
import { forget, hold, markAfterProof, markGone, markSeen, release } from './row-transitions.ts';

/** A folder's ledger over the rows of any store: the pure transitions, each made true by the store. */
export class StoredLedger implements FileLedger {
  readonly #store: RowStore<LedgerEntry>;
  readonly #nowMs: () => number;

  /** @param nowMs milliseconds since 1970-01-01 UTC */
  constructor(store: RowStore<LedgerEntry>, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  async get(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined> {
    return livingEntry(await this.#store.read(path, signal), this.#nowMs());
  }

  async *list(
    query: { states?: readonly EntryState[] } = {},
    signal?: AbortSignal,
  ): AsyncIterable<LedgerEntry> {
    for await (const row of this.#store.rows(signal)) {
      const entry = livingEntry(row, this.#nowMs());
      if (entry === undefined) continue;
      if (query.states === undefined || query.states.includes(stateOf(entry))) yield entry;
    }
  }

  claim(request: ClaimRequest, signal?: AbortSignal): Promise<ClaimResult> {
    return this.#apply(request.path, claim(request), signal);
  }

  renew(request: ClaimReference & { leaseMs: number }, signal?: AbortSignal): Promise<OwnerWrite> {
    return this.#apply(request.path, renew(request), signal);
  }

  noteUpload(request: Parameters<FileLedger['noteUpload']>[0], signal?: AbortSignal): Promise<OwnerWrite> {
    return this.#apply(request.path, noteUpload(request), signal);
  }

  commit(request: CommitRequest, signal?: AbortSignal): Promise<OwnerWrite> {
    return this.#apply(request.path, commit(request), signal);
  }

  rollBack(request: ClaimReference, signal?: AbortSignal): Promise<RollBackResult> {
    return this.#apply(request.path, rollBack(request), signal);
  }

  fail(request: Parameters<FileLedger['fail']>[0], signal?: AbortSignal): Promise<OwnerWrite> {
    return this.#apply(request.path, fail(request), signal);
  }

  suspend(request: Parameters<FileLedger['suspend']>[0], signal?: AbortSignal): Promise<OwnerWrite> {
    return this.#apply(request.path, suspend(request), signal);
  }

  markAfterProof(mark: AfterProofMark, signal?: AbortSignal): Promise<AfterProofResult> {
    return this.#apply(mark.path, markAfterProof(mark), signal);
  }

  markGone(mark: { path: string; keepMs: number }, signal?: AbortSignal): Promise<LedgerEntry | undefined> {
    return this.#apply(mark.path, markGone(mark.keepMs), signal);
  }

  markSeen(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined> {
    return this.#apply(path, markSeen, signal);
  }

  hold(request: { path: string; reason: string }, signal?: AbortSignal): Promise<LedgerEntry> {
    return this.#apply(request.path, hold(request.path, request.reason), signal);
  }

  release(path: string, signal?: AbortSignal): Promise<LedgerEntry | undefined> {
    return this.#apply(path, release, signal);
  }

  forget(path: string, signal?: AbortSignal): Promise<ForgetResult> {
    return this.#apply(path, forget, signal);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #apply<T>(path: string, transition: EntryTransition<T>, signal?: AbortSignal): Promise<T> {
    return this.#store.apply(
      path,
      (row, moment) => transition(livingEntry(row, moment.nowMs), moment),
      signal,
    );
  }
}
