/** What `node-runner.ts` is given, as JSON. */
export interface NodeJob {
  how: 'our-reader' | 'our-upload' | 'raw-tcp' | 'ssh2-sftp-client';
  host: string;
  port: number;
  /** Where the host sends files without any protocol, if it does. */
  rawPort?: number | undefined;
  username: string;
  /** File with the private key. */
  keyFile: string;
  hostKeyFingerprint: string;
  path: string;
  sizeBytes: number;
  /** Where the bytes go; the sink of parts gets only the name, and keeps the framing. */
  targetPath: string;
  partSinkEndpoint: string;
}

/** What it gives back. */
export interface NodeRun {
  seconds: number;
  /** The share of `seconds` that went into connecting, where it was measured. */
  connectSeconds?: number;
  cpuSeconds: number;
  peakRssBytes: number;
}
