const OUR_ERROR = /^[A-Z][A-Za-z]+Error$/;

/** The runbook of one of our errors, as its path in the repository; undefined for the errors of AWS. */
export function runbookOf(errorName: string): string | undefined {
  if (!OUR_ERROR.test(errorName)) return undefined;
  const stem = errorName.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return `docs/runbooks/${stem}.md`;
}
