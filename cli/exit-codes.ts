/** What the command line exits with; documented in README.md. */
export const EXIT_CODES = {
  ok: 0,
  /** The transfer failed; the error's name was printed, and nothing is left behind. */
  failed: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** No host key was given: the offered fingerprint was printed, and nothing was sent. */
  hostKeyUnconfirmed: 3,
  /** Stopped by Ctrl-C; the upload was aborted. */
  interrupted: 130,
} as const;
