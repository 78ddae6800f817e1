import { z } from 'zod';
import { cidrOfAddress, parseCidr } from './cidr.ts';
import { didYouMean } from './did-you-mean.ts';

/**
 * The kinds of setting that the configuration is made of. Each message is the end of the sentence
 * "<path> is <value>, but …", so that a mistake reads as one sentence.
 */

export const wholeNumber = (low: number, high: number, unit: string) => {
  const bound = `it must be ${unit.startsWith('a ') ? unit : `a whole number of ${unit}`}, ${low} to ${high}`;
  return z.int(bound).min(low, bound).max(high, bound);
};

export const yesOrNo = () => z.boolean('it must be true or false');

/** A string of the given form; `bound` completes "it must be …". */
export const text = (form: RegExp, bound: string) =>
  z.string(`it must be ${bound}`).regex(form, `it must be ${bound}`);

export const oneOf = <const Value extends string>(values: readonly Value[]) =>
  z.enum(values, `it must be one of ${values.join(', ')}`);

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, 'it must be a list');

export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownSettings(issue.keys as string[], Object.keys(shape))
        : 'it must be an object',
  });

/** One line for each unknown setting, in their order: `mistakesOf` gives each its own. */
function unknownSettings(keys: readonly string[], known: readonly string[]): string {
  return keys.map((key) => `there is no such setting${didYouMean(key, known)}`).join('\n');
}

export const cidr = () =>
  z.string('it must be an IPv4 range').superRefine((range, context) => {
    if (parseCidr(range) !== undefined) return;
    const meant = cidrOfAddress(range);
    const suggestion = meant === undefined ? '' : `; did you mean ${meant}?`;
    const message = `it must be an IPv4 range as a.b.c.d/n with no bit set beyond its prefix${suggestion}`;
    context.addIssue({ code: 'custom', message, input: range });
  });

export const bucketName = () =>
  text(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'a bucket name: 3 to 63 lower-case letters, digits, dots, hyphens',
  );

export const kmsKeyArn = () =>
  text(
    /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$|^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/mrk-[0-9a-f]{32}$/,
    'the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>), not an alias',
  );

/** The retention times that CloudWatch Logs knows, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const logRetentionDays = () =>
  z.literal(
    [...LOG_RETENTION_DAYS],
    `it must be a retention time of CloudWatch Logs: ${LOG_RETENTION_DAYS.join(', ')} days`,
  );

/** A resource has 50 tags; one of ours is its Name. */
const MAX_TAGS = 49;
/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_CHARACTERS = 'letters, digits, blanks and _ . : / = + - @';
const TAG_KEY = /^(?!aws:)[\p{L}\p{N}\p{Zs}_.:/=+@-]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{N}\p{Zs}_.:/=+@-]{0,256}$/u;

export const tags = () =>
  z
    .record(
      z.string(),
      z.string('it must be a string').regex(TAG_VALUE, `it must be at most 256 of ${TAG_CHARACTERS}`),
      { error: 'it must be an object of strings' },
    )
    .refine((all) => Object.keys(all).length <= MAX_TAGS, `it must hold at most ${MAX_TAGS} tags`)
    .superRefine((all, context) => {
      const message = `its key must be at most 128 of ${TAG_CHARACTERS}, and not begin with aws:`;
      for (const key of Object.keys(all)) {
        if (!TAG_KEY.test(key)) context.addIssue({ code: 'custom', message, input: all[key], path: [key] });
      }
    });
