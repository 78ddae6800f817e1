import type { Row, Transition } from './decision.ts';

/**
 * Rows of one collection, each under a key. One method writes: it shows the row as it is to a transition and makes the
 * decision true at once or not at all, however many processes do the same.
 */
export interface RowStore<R extends Row> {
  /** As it was written, however old. */
  read(key: string, signal?: AbortSignal): Promise<R | undefined>;
  /** @throws LedgerUnavailableError; the write may then have happened or not */
  apply<T>(key: string, transition: Transition<R, T>, signal?: AbortSignal): Promise<T>;
  /** All rows, in no order. */
  rows(signal?: AbortSignal): AsyncIterable<R>;
  close(): Promise<void>;
}
