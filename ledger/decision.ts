/** A row of a store: anything that carries the mark of its last write. */
export interface Row {
  /** Changes with every write, and is never used twice: a row cannot be taken for one that it replaced. */
  revision: string;
}

/** What a command does to a row, and what its caller is answered once that has happened. */
export type Decision<R extends Row, T> =
  | { write: 'put'; row: R; result: T }
  | { write: 'delete'; result: T }
  | { write: 'none'; result: T };

/** What is not in the row or the command. */
export interface Moment {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs: number;
  /** For the row if it is written. */
  revision: string;
}

/**
 * Decides one command from the row as it is, undefined where there is none. Pure: a store may ask it again when the
 * row has changed meanwhile.
 */
export type Transition<R extends Row, T> = (row: R | undefined, moment: Moment) => Decision<R, T>;

export function put<R extends Row, T>(row: R, result: T): Decision<R, T> {
  return { write: 'put', row, result };
}

export function unchanged<T>(result: T): Decision<never, T> {
  return { write: 'none', result };
}

/** A copy without `keys`. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: K[]): Omit<T, K> {
  const copy = { ...value };
  for (const key of keys) delete copy[key];
  return copy;
}
