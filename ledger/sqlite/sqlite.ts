import { InvalidTransferRequestError, LedgerUnavailableError } from '../../transfer/errors.ts';

type Sqlite = typeof import('node:sqlite');

let sqlite: Promise<Sqlite> | undefined;

/**
 * Node's own SQLite. Node 24 releases before 24.15 print an ExperimentalWarning when it is loaded, which says nothing
 * to the person at the terminal: that one warning is kept back.
 */
export function loadSqlite(): Promise<Sqlite> {
  sqlite ??= withoutSqliteWarning(() => import('node:sqlite'));
  return sqlite;
}

/** Exported for its test. */
export async function withoutSqliteWarning<T>(load: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const text = String(warning instanceof Error ? warning.message : warning);
    if (rest.includes('ExperimentalWarning') && text.startsWith('SQLite')) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** https://sqlite.org/rescode.html: another process holds the file for longer than a write takes, or the disk is full. */
const MAY_PASS = new Set([5, 6, 13]);

/** The project's error for one of SQLite's; any other error as it is. */
export function ledgerFileError(file: string, error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const cause = { cause: error };
  // The lower byte is the primary code, the rest says more about it.
  if (MAY_PASS.has(error.errcode & 0xff)) {
    return new LedgerUnavailableError(`the ledger ${file} cannot be written: ${error.message}`, cause);
  }
  return new InvalidTransferRequestError('the ledger file', file, `SQLite says: ${error.message}`, cause);
}

function isSqliteError(error: unknown): error is { errcode: number; message: string } {
  return (
    typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
  );
}
