import type { Socket } from 'node:net';
import type { Algorithms, Attributes, AuthContext, SFTPWrapper } from 'ssh2';

/**
 * Ways to watch the server and to make it misbehave, for tests of its clients. A server without hooks takes none of
 * these paths.
 */
export interface SftpServerHooks {
  /** Called with everything that clients do, as it happens. */
  onEvent?(event: SftpServerEvent): void;
  /** Called before SSH begins; it may destroy the socket. */
  onSocket?(socket: Socket, connectionNumber: number): void;
  /** Private key (PEM) to prove the host with on this connection instead of the server's own. */
  hostKeyFor?(connectionNumber: number): string | undefined;
  /** Answers a login attempt instead of the server's own check. */
  authenticate?(attempt: AuthContext, connectionNumber: number): void;
  /** False refuses one more session (channel) on a connection that has `openSessions` of them. */
  acceptSession?(connectionNumber: number, openSessions: number): boolean;
  /** Answers a request (`STAT`, with its id and what else it holds) instead of the server: then it returns true. */
  answer?(sftp: SFTPWrapper, request: SftpRequest): boolean;
  /** Called before a file is opened; what it throws is answered instead. */
  beforeOpen?(path: string): void;
  /** What STAT, LSTAT and FSTAT report for a file instead of the truth. */
  attributes?(path: string, truth: Attributes): Attributes;
  /** Replaces one read. `read` reads at most that many bytes at the same offset; undefined is the end of the file. */
  read?(
    request: ReadRequest,
    read: (lengthBytes: number) => Promise<Buffer | undefined>,
  ): Promise<Buffer | undefined>;
  /** Replaces one change of a name; what it throws is answered. `perform` makes the change. */
  changeName?(change: NameChangeRequest, perform: () => Promise<void>): Promise<void>;
  /** Algorithms to offer instead of ssh2's defaults. */
  algorithms?: Algorithms;
}

/** A request as ssh2 parsed it. */
export interface SftpRequest {
  /** As the protocol names it, without `SSH_FXP_`. */
  kind: string;
  id: number;
  /** Path or handle first. */
  parameters: readonly unknown[];
}

export interface NameChangeRequest {
  kind: 'rename' | 'remove' | 'make-folder';
  connectionNumber: number;
  path: string;
  /** Of a rename. */
  to?: string;
}

export interface ReadRequest {
  connectionNumber: number;
  /** Path in the served view as the client opened it, and where that is on this machine. */
  path: string;
  systemPath: string;
  offsetBytes: number;
  lengthBytes: number;
}

export type SftpServerEvent =
  | { kind: 'connection-opened' | 'connection-closed'; connectionNumber: number }
  | {
      kind: 'login-attempted';
      connectionNumber: number;
      /** As the protocol names it: none, password, publickey, keyboard-interactive. */
      method: AuthContext['method'];
      username: string;
      /** Bytes of password or signature that came with it: 0 for `none` and for asking whether a key would do. */
      credentialBytes: number;
    }
  | { kind: 'session-opened' | 'session-closed' | 'session-refused'; connectionNumber: number }
  | { kind: 'folder-opened'; connectionNumber: number; path: string }
  | { kind: 'bytes-served'; connectionNumber: number; path: string; bytes: number };
