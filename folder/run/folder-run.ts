import { z } from 'zod';
import { s3Bucket, sftpPath } from '../../transfer/contracts.ts';
import { type CalendarTime, calendarTime } from '../target/date-format.ts';
import { fillTemplate, parseTemplate } from '../target/target-template.ts';
import { deployedFolderSchema } from './deployed-folder.ts';
import { runStartOf } from './run-id.ts';

/** What a folder's execution is started with. */
export const folderRunRequestSchema = z.strictObject({
  /** Name of a configured folder. */
  folder: z.string('it must name a configured folder').min(1, 'it must name a configured folder'),
  /** The business date for `{run:…}` and `{date:…}`. @default the day on which the execution was started */
  run_date: z.iso.date('it must be a date as 2026-11-25').optional(),
  /** Decides about every entry, and copies nothing. */
  dry_run: z.boolean('it must be true or false').optional(),
  /** Paths relative to the folder: nothing else is copied. */
  only: z.array(sftpPath, 'it must be a list of paths').min(1, 'it must name a path').optional(),
  /** Copies what has landed, or failed too often, all the same: with `only`, a replay. */
  force: z.boolean('it must be true or false').optional(),
  limit: z.int('it must be a whole number of files').min(1, 'it must be at least 1').optional(),
});
export type FolderRunRequest = z.infer<typeof folderRunRequestSchema>;

/** One run as its first step planned it; the other steps read it, so that a run keeps the settings that it began with. */
export const folderRunSchema = z.object({
  run_id: z.string().min(1),
  folder: deployedFolderSchema,
  /** Path of the folder as the server resolved it. */
  root_path: z.string().min(1),
  bucket: s3Bucket,
  /** Put before every key as it is. */
  key_prefix: z.string(),
  /** Milliseconds since 1970-01-01 UTC: when the execution was started. */
  started_at_ms: z.int(),
  /** What `{run:…}` and `{date:…}` are filled from. */
  run_at_ms: z.int(),
  force: z.boolean(),
  /** The version of the partner's secret that logged in. */
  secret_version_id: z.string().min(1).optional(),
});
export type FolderRun = z.infer<typeof folderRunSchema>;

/** One file of a run, as it is kept between two steps. */
export const listedFileSchema = z.object({
  path: z.string().min(1),
  size_bytes: z.int().min(0),
  modified_at_seconds: z.int(),
  /** What the include pattern captured. */
  groups: z.array(z.string()),
  trigger: z.object({ size_bytes: z.int(), modified_at_seconds: z.int() }).optional(),
});
export type ListedFile = z.infer<typeof listedFileSchema>;

/** The object's key of one generation. @param owner of an earlier try, where the key is to be as its run made it */
export function keyOfFile(run: FolderRun, file: ListedFile, generation: number, owner?: string): string {
  const { folder, key_prefix, run_at_ms } = run;
  const runMs = (owner === undefined ? undefined : runStartOf(owner)) ?? run_at_ms;
  const filled = fillTemplate(parseTemplate(folder.target), {
    path: file.path,
    modifiedAtSeconds: file.modified_at_seconds,
    generation,
    groups: file.groups,
    run: calendarTime(runMs, folder.timeZone),
    timeZone: folder.timeZone,
  });
  return key_prefix + filled;
}

/** A moment of that day by the folder's wall clock: noon, or what is nearest to it in zones far from Greenwich. */
export function momentOfDate(date: string, timeZone: string): number {
  const isThatDay = ({ year, month, day }: CalendarTime): boolean =>
    date === [String(year).padStart(4, '0'), pad(month), pad(day)].join('-');
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  const candidates = [noonMs, noonMs - 6 * 3_600_000, noonMs + 6 * 3_600_000];
  return candidates.find((ms) => isThatDay(calendarTime(ms, timeZone))) ?? noonMs;
}

const pad = (value: number): string => String(value).padStart(2, '0');
