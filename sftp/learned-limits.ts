/**
 * What connections to one server have taught, for all that follow in this process: a limit that the server does not
 * announce costs an error once, not at every connection.
 */
export class LearnedLimits {
  /** Larger reads were refused. */
  maxReadBytes = Number.POSITIVE_INFINITY;
  /** Connections ended when they were given more channels. */
  maxChannels = Number.POSITIVE_INFINITY;
}
