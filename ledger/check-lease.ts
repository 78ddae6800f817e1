/**
 * A check of a partner's server holds sessions as an execution does. Nobody can be asked whether it still runs, so the
 * name that holds them says when it is over at the latest.
 */
const NAME = /^check \S+ until (\S+)$/;

/** @param id of the check, without spaces @param untilMs milliseconds since 1970-01-01 UTC */
export function checkLeaseName(id: string, untilMs: number): string {
  return `check ${id} until ${new Date(untilMs).toISOString()}`;
}

/** Whether a check holds the sessions, and no execution. */
export function isCheck(holder: string): boolean {
  return holder.startsWith('check ');
}

/** When a check is over, in milliseconds since 1970-01-01 UTC; undefined of any other holder. */
export function checkLeaseEndMs(holder: string): number | undefined {
  const until = NAME.exec(holder)?.[1];
  if (until === undefined) return undefined;
  const untilMs = Date.parse(until);
  return Number.isNaN(untilMs) ? undefined : untilMs;
}
