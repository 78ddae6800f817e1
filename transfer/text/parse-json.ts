/** Step Functions cuts long payloads off: those, and absent ones, are undefined. */
export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
