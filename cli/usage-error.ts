/** The command line is wrong: shown without a stack, with the exit code for it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
