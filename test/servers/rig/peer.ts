import type { ServerProcess } from './server-process.ts';
import type { Site } from './site.ts';

/** One SFTP server program that the product is tried against. */
export interface Peer {
  /** As docs/compatibility.md lists it. */
  name: string;
  /** Debian packages that it takes. */
  packages: readonly string[];
  /** What is missing here, as a sentence; undefined when it can be started. */
  missing: string | undefined;
  /** As the package manager has it, without Debian's own part. */
  version(): string;
  start(site: Site, port: number): Promise<ServerProcess>;
  /** Path under which the server knows a file of the site's folder. @default the same path */
  remotePath?(site: Site, file: string): string;
  /** What this server lacks, and with which words the product says so. @default it lacks nothing */
  lacks?: Partial<Record<Capability, Lack>>;
  /** Stages of `check` that are no more than a warning, or are skipped. @default none */
  checkWarnings?: readonly string[];
  /** For the table: what else an operator should know. @default nothing */
  note?: string;
}

/** What a partner's server may lack without being useless. */
export type Capability = 'rsa-login' | 'odd-names' | 'non-ascii-names';

export interface Lack {
  /** Name of the error that ends such a transfer. */
  error: string;
  /** What its text says. */
  says: RegExp;
  /** The server answers with a status that may pass, so that the workflow tries again. @default it is tried once */
  isRetried?: true;
  /** For the table: what it lacks, in a few words. */
  words: string;
}

/** The table's cell about what a server lacks, or is worth knowing. */
export function lacksOf({ lacks = {}, note }: Peer): string {
  const words = Object.values(lacks).map((lack) => lack.words);
  return [...words, ...(note === undefined ? [] : [note])].join('; ') || 'nothing';
}
