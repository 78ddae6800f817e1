/** What the command line exits with; documented in docs/command-line.md. */
export const EXIT_CODES = {
  ok: 0,
  /** The transfer or the check failed; the error's name was printed. */
  failed: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** No host key was given: the offered fingerprint was printed, and nothing was sent. */
  hostKeyUnconfirmed: 3,
  /** AWS did not answer, or refused the call, so the state of the transfer is unknown. */
  awsUnanswered: 4,
  /** Stopped by Ctrl-C; a transfer on this machine was aborted, one on AWS goes on. */
  interrupted: 130,
} as const;
