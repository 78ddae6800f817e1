import { isExpectedOn } from '../../../expectations/business-date.ts';
import { refuseExpectation } from '../../../expectations/refuse-expectation.ts';
import type { Expectation } from '../../../expectations/settings.ts';
import { minuteOf } from '../../../expectations/window.ts';
import type { Mistake } from '../mistakes.ts';
import { duplicates, type Rule } from '../rule.ts';
import { clockTime, skippedTimes, timesAround } from '../schedules/skipped-times.ts';
import { forEachPartner } from './partner-rules.ts';

/** All partners' expectations travel in the input of one schedule. */
const MAX_EXPECTATIONS_JSON_BYTES = 200_000;

const namesDiffer = forEachPartner(['expectations'], ({ expectations }, path) =>
  duplicates(
    expectations,
    ({ name }) => name,
    (index) => `${path}.expectations[${index}].name`,
  ),
);

const settingsAgree = forEachPartner(['expectations', 'folders'], ({ expectations, folders }, path) =>
  expectations.flatMap((expectation, index) =>
    refuseExpectation(expectation, folders).map((mistake) => ({
      ...mistake,
      path: `${path}.expectations[${index}].${mistake.path}`,
    })),
  ),
);

const TIMES = ['by', 'warnAt', 'from'] as const;

/** On the day on which clocks are put forward, nobody could say when 02:30 was. */
const timesExistOnEveryDate = forEachPartner(['expectations'], ({ expectations }, path) =>
  expectations.flatMap((expectation, index) =>
    TIMES.flatMap((setting): Mistake[] => {
      const time = expectation[setting];
      const skipped = time === undefined ? undefined : skippedOn(expectation, minuteOf(time));
      if (time === undefined || skipped === undefined) return [];
      const { date, before, after } = skipped;
      const bound =
        `it must not be ${time}, which does not exist in ${expectation.timeZone} on ${date}, when clocks are put ` +
        `forward. Take ${clockTime(before)} or ${clockTime(after)}`;
      return [{ path: `${path}.expectations[${index}].${setting}`, value: time, bound }];
    }),
  ),
);

function skippedOn(
  expectation: Expectation,
  minute: number,
): { date: string; before: number; after: number } | undefined {
  for (const { date, startMinute, endMinute } of skippedTimes(expectation.timeZone)) {
    if (minute < startMinute || minute >= endMinute || !isExpectedOn(expectation, date)) continue;
    return { date, ...timesAround(minute, { startMinute, endMinute }) };
  }
  return undefined;
}

const expectationsFitAnInput: Rule = (configuration) => {
  let bytes = 0;
  forEachPartner(['expectations', 'folders'], ({ expectations, folders }) => {
    const named = folders.filter(({ name }) => expectations.some(({ folder }) => folder === name));
    bytes += Buffer.byteLength(JSON.stringify([expectations, named]));
    return [];
  })(configuration);
  if (bytes <= MAX_EXPECTATIONS_JSON_BYTES) return [];
  const bound = `all expectations with their folders must be at most ${MAX_EXPECTATIONS_JSON_BYTES} bytes of JSON`;
  return [{ path: 'partners[].expectations', value: bytes, bound }];
};

export const expectationRules: readonly Rule[] = [
  namesDiffer,
  settingsAgree,
  timesExistOnEveryDate,
  expectationsFitAnInput,
];
