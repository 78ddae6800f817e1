import type { TransferRequest } from '../../transfer/contracts.ts';
import type { TransferErrorName } from '../support/docs/error-names.ts';
import type { ConnectionFault } from '../support/network/tcp-proxy.ts';
import type { S3Fault, S3Request } from '../support/s3/s3-fault-front.ts';
import type { ReadFaults } from '../support/sftp/faulty-reads.ts';
import type { SftpServerFaults } from '../support/sftp/faulty-sftp-server.ts';

/** What the faults of one transfer are made of, before it starts. */
export interface Stage {
  /** Of the embedded SFTP server; sshd knows none of them. */
  sftp: SftpServerFaults & { midTransfer: NonNullable<ReadFaults['midTransfer']> };
  /** Of the line to the SFTP server, by the number of the connection. */
  line: Map<number, ConnectionFault>;
  lineDelayMs: number;
  /** What the line carries from the server, over all connections. @default as much as loopback */
  lineBytesPerSecond?: number;
  /** The server's name has an address before the right one, at which connections end so. */
  deadAddress?: 'refused' | 'silent';
  /** Of the line to S3: the first that names a fault of a request wins. */
  s3: ((request: S3Request) => S3Fault | undefined)[];
  /** The execution is stopped once so many bytes of all chunks together were read. */
  stopAfterBytes?: number;
  /** From this connection on the server proves another identity. */
  strangeHostKeysFrom?: number;
  /** Lies under the target key when the transfer starts. */
  earlierObject?: Buffer;
  /** S3 lets nobody remove an upload: one may be left, if that is said. */
  uploadMayBeLeft?: true;
  request: TransferRequest;
}

export function emptyStage(request: TransferRequest): Stage {
  return { sftp: { midTransfer: [] }, line: new Map(), lineDelayMs: 0, s3: [], request: { ...request } };
}

/** Something that goes wrong with a transfer. */
export interface StagedFault {
  /** Such as `2 resets in mid-read`. */
  description: string;
  /** Names of errors with which a transfer may end because of it; with none it must be survived. */
  mayEndWith: readonly (TransferErrorName | 'ABORTED')[];
  /** Asked when the transfer is over: true when it happened, and no transfer can land with it. */
  forbidsLanding?: (stage: Stage, connections: number) => boolean;
  arm(stage: Stage): void;
}
