import type { Socket } from 'node:net';
import type { Algorithms } from 'ssh2';
import type { SftpServerHooks } from '../../../local/sftp-server/hooks.ts';
import { createLoginCheck, type LoginPolicy } from '../../../local/sftp-server/login.ts';
import { AccessDeniedError } from '../../../local/sftp-server/rooted-filesystem.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../local/sftp-server/sftp-server.ts';
import type { LoginBehaviour, LoginConnection } from './faulty-login.ts';
import { createFaultyRead, type ReadFaults } from './faulty-reads.ts';
import { type ServerRecord, startServerRecord } from './server-record.ts';

/** Faults may be set and cleared while the server runs. */
export interface SftpServerFaults extends ReadFaults {
  /** @default the server's own check */
  login?: LoginBehaviour;
  /** Sessions (SFTP channels) that one connection may have open; more are refused, as by OpenSSH's MaxSessions. */
  maxSessions?: number;
  /** The same over all connections, as by a cap on the sessions of a user. */
  maxSessionsInAll?: number;
  /** Files that may be seen but not opened. */
  isUnreadable?: (path: string) => boolean;
  /** Answers requests instead of the server; see SftpServerHooks. */
  answer?: SftpServerHooks['answer'];
  /** The size that the server tells of a file instead of the true one. */
  sizeOf?: (path: string) => number;
  /** True ends the n-th connection (from 1) before the server identifies itself, as OpenSSH does above MaxStartups. */
  loseBeforeHandshake?: (connectionNumber: number) => boolean;
  /** Private key that proves the host on the n-th connection; undefined is the server's own. */
  hostKeyFor?: (connectionNumber: number) => string | undefined;
}

export interface FaultySftpServer extends EmbeddedSftpServer {
  faults: SftpServerFaults;
  /** What the server was sent. */
  record: ServerRecord;
  /** Resets every open connection. */
  dropConnections(): void;
}

/** The embedded SFTP server, made to misbehave and to remember. */
export async function startFaultySftpServer(
  options: LoginPolicy & {
    rootDirectory: string;
    hostKey?: string;
    faults?: SftpServerFaults;
    /** Algorithms to offer instead of ssh2's defaults. */
    algorithms?: Algorithms;
  },
): Promise<FaultySftpServer> {
  const { faults = {}, algorithms, ...serverOptions } = options;
  const { record, onEvent, noteCredential } = startServerRecord();
  const checkLogin = createLoginCheck(options);
  const logins = new Map<number, LoginConnection>();
  const sockets = new Map<number, Socket>();
  const reset = (connectionNumber: number) => sockets.get(connectionNumber)?.resetAndDestroy();
  // One object for the server's whole life: tests change its fields.
  const read = createFaultyRead(faults, {
    isOpen: (connectionNumber) => sockets.get(connectionNumber)?.destroyed === false,
    reset,
  });

  const server = await startSftpServer({
    ...serverOptions,
    hooks: {
      ...(algorithms && { algorithms }),
      onEvent,
      onSocket(socket, connectionNumber) {
        sockets.set(connectionNumber, socket);
        logins.set(connectionNumber, {
          policy: options,
          keyProved: false,
          noteCredential: (bytes) => noteCredential(connectionNumber, bytes),
          drop: () => socket.destroy(),
        });
        socket.once('close', () => {
          sockets.delete(connectionNumber);
          logins.delete(connectionNumber);
        });
        if (faults.loseBeforeHandshake?.(connectionNumber)) socket.destroy();
      },
      hostKeyFor: (connectionNumber) => faults.hostKeyFor?.(connectionNumber),
      authenticate(attempt, connectionNumber) {
        const login = logins.get(connectionNumber);
        if (faults.login === undefined || login === undefined) checkLogin(attempt);
        else faults.login(attempt, login);
      },
      acceptSession: (_connectionNumber, openSessions) =>
        openSessions < (faults.maxSessions ?? Infinity) &&
        record.openSessions < (faults.maxSessionsInAll ?? Infinity),
      answer: (sftp, request) => faults.answer?.(sftp, request) ?? false,
      beforeOpen(path) {
        if (faults.isUnreadable?.(path)) throw new AccessDeniedError(`${path} may not be opened`);
      },
      attributes: (path, truth) => ({ ...truth, size: faults.sizeOf?.(path) ?? truth.size }),
      read(request, readTruth) {
        record.reads += 1;
        return read(request, readTruth);
      },
    },
  });
  return {
    ...server,
    faults,
    record,
    dropConnections: () => {
      for (const connectionNumber of sockets.keys()) reset(connectionNumber);
    },
  };
}
