/** What `node-runner.ts` is given and gives back, as JSON. */
export interface NodeJob {
  how: 'our-reader' | 'our-upload' | 'ssh2-sftp-client';
  host: string;
  port: number;
  username: string;
  /** File with the private key. */
  keyFile: string;
  hostKeyFingerprint: string;
  path: string;
  sizeBytes: number;
  /** For the readers. */
  targetPath: string;
  /** For the upload. */
  s3: { endpoint: string; bucket: string };
}

export interface NodeRun {
  seconds: number;
  cpuSeconds: number;
  peakRssBytes: number;
  /** Of the uploaded object; the readers leave a file instead. */
  sha256?: string;
}
