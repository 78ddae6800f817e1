import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import type { Decision, Row, Transition } from '../decision.ts';
import type { RowStore } from '../row-store.ts';
import { ledgerFileError, loadSqlite } from './sqlite.ts';

export interface SqliteRowsOptions {
  /** Of the database; made when it is not there, its folder must be. */
  file: string;
  /** Rows of other collections in the same file are never seen. */
  collection: string;
  nowMs: () => number;
}

/** How long a write waits for another process; its own writes take milliseconds. */
const BUSY_TIMEOUT_MS = 15_000;

/** Of the file's layout, as its `user_version`; a file of an earlier release has 0, and the same layout. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS ledger (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    row TEXT NOT NULL,
    PRIMARY KEY (collection, key)
  ) WITHOUT ROWID, STRICT;
`;

/** Rows read at a time, so that a large ledger is never in memory as a whole, and writers get their turn. */
const PAGE_ROWS = 500;

interface WaitingWrite {
  run(): void;
  settle(failure?: unknown): void;
}

/**
 * Rows in a file of SQLite, which is part of Node: no server, several processes at once.
 *
 * A write is on the disk when its promise resolves. Writes that are asked for in one turn of the event loop share one
 * transaction, and so one wait for the disk.
 */
export class SqliteRows<R extends Row> implements RowStore<R> {
  readonly #database: DatabaseSync;
  readonly #options: SqliteRowsOptions;
  readonly #select: StatementSync;
  readonly #selectPage: StatementSync;
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;
  #waiting: WaitingWrite[] = [];

  private constructor(database: DatabaseSync, options: SqliteRowsOptions) {
    this.#database = database;
    this.#options = options;
    this.#select = database.prepare('SELECT row FROM ledger WHERE collection = ? AND key = ?');
    this.#selectPage = database.prepare(
      `SELECT key, row FROM ledger WHERE collection = ? AND key > ? ORDER BY key LIMIT ${PAGE_ROWS}`,
    );
    this.#insert = database.prepare('INSERT OR REPLACE INTO ledger (collection, key, row) VALUES (?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM ledger WHERE collection = ? AND key = ?');
  }

  /** @throws InvalidTransferRequestError when the file cannot be made, is not one of ours, or a later release's */
  static async open<R extends Row>(options: SqliteRowsOptions): Promise<SqliteRows<R>> {
    const { DatabaseSync } = await loadSqlite();
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(options.file, { timeout: BUSY_TIMEOUT_MS });
      refuseLater(database, options.file);
      const isNew = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
      database.exec(isNew ? `${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};` : SCHEMA);
      return new SqliteRows(database, options);
    } catch (error) {
      database?.close();
      throw ledgerFileError(options.file, error);
    }
  }

  async read(key: string): Promise<R | undefined> {
    return this.#guarded(() => this.#read(key));
  }

  apply<T>(key: string, transition: Transition<R, T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      let result: T;
      this.#waiting.push({
        run: () => {
          const moment = { nowMs: this.#options.nowMs(), revision: randomUUID() };
          const decision = transition(this.#read(key), moment);
          this.#write(key, decision);
          result = decision.result;
        },
        settle: (failure) => (failure === undefined ? resolve(result) : reject(failure)),
      });
      if (this.#waiting.length === 1) setImmediate(() => this.#commitWaiting());
    });
  }

  async *rows(signal?: AbortSignal): AsyncIterable<R> {
    let after = '';
    for (;;) {
      signal?.throwIfAborted();
      const page = this.#guarded(() => this.#selectPage.all(this.#options.collection, after));
      for (const { row } of page) yield JSON.parse(String(row)) as R;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      after = String(last.key);
    }
  }

  /** After the writes that wait. */
  async close(): Promise<void> {
    this.#commitWaiting();
    if (this.#database.isOpen) this.#database.close();
  }

  #commitWaiting(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length === 0) return;
    let failure: unknown;
    try {
      // Takes the lock before the first row is read: what is decided is what is written.
      this.#database.exec('BEGIN IMMEDIATE');
      for (const write of writes) write.run();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      failure = ledgerFileError(this.#options.file, error);
    }
    for (const write of writes) write.settle(failure);
  }

  #read(key: string): R | undefined {
    const found = this.#select.get(this.#options.collection, key);
    return found === undefined ? undefined : (JSON.parse(String(found.row)) as R);
  }

  #write(key: string, decision: Decision<R, unknown>): void {
    const { collection } = this.#options;
    if (decision.write === 'put') this.#insert.run(collection, key, JSON.stringify(decision.row));
    if (decision.write === 'delete') this.#remove.run(collection, key);
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerFileError(this.#options.file, error);
    }
  }
}

/** What a later release has written may mean something else: nothing of it is touched. */
function refuseLater(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version <= SCHEMA_VERSION) return;
  const bound = `it has the layout ${version} of a later release; this one knows ${SCHEMA_VERSION}`;
  throw new InvalidTransferRequestError('the ledger file', file, bound);
}
