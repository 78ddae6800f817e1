/** In the repository. */
export const RUNBOOK_FOLDER = 'docs/runbooks';

const OUR_ERROR = /^[A-Z][A-Za-z]+Error$/;

/** The runbook of one of our errors, as its path in the repository; undefined for the errors of AWS. */
export function runbookOf(errorName: string): string | undefined {
  return OUR_ERROR.test(errorName) ? `${RUNBOOK_FOLDER}/${kebabCase(errorName)}.md` : undefined;
}

/** `SourceNotAFileError` becomes `source-not-a-file-error`: how alarms and runbooks are named after errors. */
export function kebabCase(pascalCase: string): string {
  return pascalCase.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
