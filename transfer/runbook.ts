/** `SourceNotAFileError` becomes `source-not-a-file-error`: how alarms and runbooks are named after errors. */
export function kebabCase(pascalCase: string): string {
  return pascalCase.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
