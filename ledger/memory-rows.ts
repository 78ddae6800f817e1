import { randomUUID } from 'node:crypto';
import type { Row, Transition } from './decision.ts';
import type { RowStore } from './row-store.ts';

/** Rows of one process, gone with it. */
export class MemoryRows<R extends Row> implements RowStore<R> {
  readonly #rows = new Map<string, R>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async read(key: string): Promise<R | undefined> {
    return structuredClone(this.#rows.get(key));
  }

  async apply<T>(key: string, transition: Transition<R, T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const moment = { nowMs: this.#nowMs(), revision: randomUUID() };
    const decision = transition(structuredClone(this.#rows.get(key)), moment);
    if (decision.write === 'put') this.#rows.set(key, structuredClone(decision.row));
    if (decision.write === 'delete') this.#rows.delete(key);
    return decision.result;
  }

  async *rows(signal?: AbortSignal): AsyncIterable<R> {
    signal?.throwIfAborted();
    for (const row of [...this.#rows.values()]) {
      signal?.throwIfAborted();
      yield structuredClone(row);
    }
  }

  async close(): Promise<void> {}
}
