import { dateFormatMistake, formatDate } from '../folder/target/date-format.ts';
import { addDaysTo, type BusinessDate, calendarOf } from './business-date.ts';

/** Other braces are the pattern's own: `{a,b}` of a glob, `{2}` of an expression. */
const TOKEN = /\{date([+-]\d{1,3}d)?:([^{}]*)\}/g;

/** Whether the name says which date a file is for: then a file of an old date cannot pass for today's. */
export function isDated(text: string): boolean {
  return text.search(TOKEN) >= 0;
}

/** `{date:yyyyMMdd}` and `{date-1d:yyyyMMdd}` by the expected date; the rest stays as it is. */
export function fillDates(text: string, date: BusinessDate): string {
  return text.replace(TOKEN, (_, offset: string | undefined, format: string) =>
    formatDate(calendarOf(addDaysTo(date, Number.parseInt(offset ?? '0', 10))), format),
  );
}

/** The end of the sentence "… is …, but …"; undefined where every token is sound. */
export function dateTokenMistake(text: string): string | undefined {
  for (const [token, , format = ''] of text.matchAll(TOKEN)) {
    const mistake = dateFormatMistake(format, { withTime: false });
    if (mistake !== undefined) return `in ${token}, ${mistake}`;
  }
  const other = /\{(date|run|mtime|name|stem|path|group)\b[^{}]*\}/.exec(text.replace(TOKEN, ''))?.[0];
  return other && `there is no token ${other} here; there are {date:yyyyMMdd} and {date-1d:yyyyMMdd}`;
}
