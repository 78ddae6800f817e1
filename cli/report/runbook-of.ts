import { kebabCase } from '../../transfer/runbook.ts';

const OUR_ERROR = /^[A-Z][A-Za-z]+Error$/;

/** The runbook of one of our errors, as its path in the repository; undefined for the errors of AWS. */
export function runbookOf(errorName: string): string | undefined {
  return OUR_ERROR.test(errorName) ? `docs/runbooks/${kebabCase(errorName)}.md` : undefined;
}
