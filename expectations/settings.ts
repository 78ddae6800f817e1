import { z } from 'zod';
import { compilePattern } from '../folder/path-pattern.ts';
import { deployedFolderSchema } from '../folder/run/deployed-folder.ts';
import { wholeNumber } from '../folder/settings.ts';
import { sftpPath } from '../transfer/contracts.ts';
import { timeZone } from '../transfer/text/time-zone.ts';
import { WEEK_DAYS } from './business-date.ts';
import { dateTokenMistake, fillDates } from './date-tokens.ts';

/**
 * One expectation, as the configuration has it and as the function is given it. Each message is the end of the sentence
 * "<path> is <value>, but …".
 */

/** An old listing says nothing about a file that may have come since. */
const DEFAULT_LOOK_WITHIN_MINUTES = 60;
/** The identities of what met an expectation are kept with its row. */
const MAX_FILES = 1_000;

const clockTime = () =>
  z
    .string('it must be a time of day as 06:00')
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it must be a time of day as 06:00');

const date = () => z.iso.date('it must be a date as 2027-12-25');

const dated = (text: z.ZodString) =>
  text.superRefine((value, context) => {
    const mistake = dateTokenMistake(value);
    if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake, input: value });
  });

export const expectationSchema = z.strictObject({
  name: z
    .string('it must be 1 to 31 lower-case letters, digits and hyphens, a letter first')
    .regex(
      /^[a-z][a-z0-9-]{0,30}$/,
      'it must be 1 to 31 lower-case letters, digits and hyphens, a letter first',
    )
    .describe('Names the expectation in pages and on the board; unique within the partner.'),
  path: dated(z.string('it must be the path of a file').min(1, 'it must name a file'))
    .refine((path) => sftpPath.safeParse(path).success, 'it must be the path of a file')
    .optional()
    .describe(
      'The file of a transfer, as its input names it; {date:yyyyMMdd} and {date-1d:yyyyMMdd} are filled. This or folder.',
    ),
  folder: z
    .string('it must be the name of a folder')
    .optional()
    .describe('A folder of this partner. This or path.'),
  match: dated(z.string('it must be a pattern').min(1, 'it must not be empty'))
    .superRefine((text, context) => {
      try {
        compilePattern(fillDates(text, '2027-03-28'), { caseSensitive: true });
      } catch (error) {
        const message = `it must be a glob, or an expression after re: (${(error as Error).message})`;
        context.addIssue({ code: 'custom', message, input: text });
      }
    })
    .optional()
    .describe(
      'With folder: a glob, or an expression after re:, with the tokens of path; relative to the folder.',
    ),
  files: wholeNumber(1, MAX_FILES, 'files').default(1).describe('How many files must have landed.'),
  minBytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'bytes')
    .default(0)
    .describe('Smaller ones do not count.'),
  by: clockTime().describe('When they must have landed, by the clock of timeZone.'),
  warnAt: clockTime()
    .optional()
    .describe('When to warn if they have not; a time later than `by` is of the day before.'),
  from: clockTime()
    .default('00:00')
    .describe(
      'Where no date is in the name: what lands from then on counts; a time later than `by` is of the day before.',
    ),
  timeZone: timeZone().default('UTC').describe('Time zone of the times and dates, by its IANA name.'),
  days: z
    .array(z.enum(WEEK_DAYS, `it must be one of ${WEEK_DAYS.join(', ')}`), 'it must be a list')
    .min(1, 'it must hold at least one day')
    .default([...WEEK_DAYS])
    .describe('Days of the week on which it is expected.'),
  except: z
    .array(date(), 'it must be a list of dates')
    .default([])
    .describe('Dates on which it is not, as holidays.'),
  only: z
    .array(date(), 'it must be a list of dates')
    .min(1, 'it must hold at least one date')
    .optional()
    .describe('Exactly these dates, in place of days and except.'),
  lookWithinMinutes: wholeNumber(1, 1_440, 'minutes')
    .default(DEFAULT_LOOK_WITHIN_MINUTES)
    .describe('A listing that is older, counted back from `by`, says nothing about the file.'),
  page: z
    .boolean('it must be true or false')
    .default(true)
    .describe('False: nobody is told; the board and the metric show it.'),
});

export type Expectation = Readonly<z.infer<typeof expectationSchema>>;

/** What the evaluation is given of one partner. */
export const expectingPartnerSchema = z.object({
  partner: z.string().min(1),
  contact: z.string().optional(),
  expectations: z.array(expectationSchema),
  /** Those that expectations name. */
  folders: z.array(deployedFolderSchema),
});
export type ExpectingPartner = Readonly<z.infer<typeof expectingPartnerSchema>>;
