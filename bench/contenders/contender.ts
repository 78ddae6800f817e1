import type { Lab } from '../lab/lab.ts';
import type { Line } from '../lab/line.ts';
import type { Sample } from '../lab/sample.ts';

/** One way of reading a file over SFTP. */
export interface Contender {
  name: string;
  /** Connections to the server at a time. */
  connections: number;
  /** One request in flight: takes a small file wherever there is a round trip. */
  isSequential?: true;
  /** Transfers the sample once, from connecting to the last byte written. */
  run(job: Job): Promise<Run>;
}

export interface Job {
  lab: Lab;
  line: Line;
  sample: Sample;
  /** Where the bytes go, if they go into a file; it does not exist. */
  targetPath: string;
}

export interface Run {
  seconds: number;
  /** The share of `seconds` that went into connecting, where it is known. */
  connectSeconds?: number;
  /** Of what arrived, hexadecimal. */
  sha256: string;
  /** Of the client's process, where it is ours. */
  cpuSeconds?: number;
  peakRssBytes?: number;
}
