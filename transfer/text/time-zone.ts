import { z } from 'zod';

/** Region and place, as AWS takes them: no offsets, which do not follow daylight saving, and no abbreviations. */
const IANA_NAME = /^(?:UTC|(?:[A-Z][a-z]+|US)(?:\/[A-Za-z0-9_+-]+)+)$/;

/** A setting; the messages are the ends of the sentence "<path> is <value>, but …". */
export const timeZone = () =>
  z
    .string('it must be a time zone')
    .refine(isTimeZone, 'it must be a time zone of the IANA database, as Europe/Berlin or UTC');

/**
 * Whether it is an IANA name that this Node.js knows. `Intl.supportedValuesOf` has one name of each zone only, often not
 * the present one: Asia/Calcutta and Europe/Kiev, and neither Asia/Kolkata nor Europe/Kyiv.
 */
export function isTimeZone(name: string): boolean {
  if (!IANA_NAME.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Intl takes any case, EventBridge Scheduler does not.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
