/**
 * Lets the work go on when nobody reads what is printed any more (`| head`, a closed pager, a full disk): without a
 * listener, Node ends the process in the middle of a transfer. A failure of stdout that is not a closed pipe is said on
 * stderr, once.
 */
export function outliveOutput(): void {
  let said = false;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || said) return;
    said = true;
    process.stderr.write(`The results cannot be written to stdout: ${error.message}\n`);
  });
}
