import { randomBytes } from 'node:crypto';

/** `local-<start>-<random>`: the start is in it, so that a later run can fill a key as this one did. */
export function makeRunId(startedMs: number): string {
  return `local-${new Date(startedMs).toISOString().replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`;
}

const RUN_ID = /^local-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/;

/** When the run of that id, or of an owner that begins with it, began; undefined for any other text. */
export function runStartOf(owner: string): number | undefined {
  const parts = RUN_ID.exec(owner)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}
