import type { SftpServerEvent } from '../../../local/sftp-server/hooks.ts';

export interface LoginAttempt {
  connectionNumber: number;
  method: string;
  username: string;
  /** Bytes of password, answer or signature. */
  credentialBytes: number;
}

/** What a server was sent by its clients. */
export interface ServerRecord {
  connections: number;
  openConnections: number;
  mostOpenConnections: number;
  attempts: LoginAttempt[];
  sessionsOpened: number;
  sessionsRefused: number;
  openSessions: number;
  mostOpenSessions: number;
  reads: number;
  bytesServed: number;
}

/** Attempts that a server counts: those that carry a credential. `none` and asking whether a key would do are not. */
export function countedAttempts(record: ServerRecord): LoginAttempt[] {
  return record.attempts.filter(({ credentialBytes }) => credentialBytes > 0);
}

/** True when nothing of the credentials reached the server: no user name, no password, no signature. */
export function sawNoCredentials(record: ServerRecord): boolean {
  return record.attempts.length === 0;
}

export interface ServerRecorder {
  record: ServerRecord;
  onEvent(event: SftpServerEvent): void;
  /** A credential that came after its attempt: the answer to a question. */
  noteCredential(connectionNumber: number, bytes: number): void;
}

export function startServerRecord(): ServerRecorder {
  const record: ServerRecord = {
    connections: 0,
    openConnections: 0,
    mostOpenConnections: 0,
    attempts: [],
    sessionsOpened: 0,
    sessionsRefused: 0,
    openSessions: 0,
    mostOpenSessions: 0,
    reads: 0,
    bytesServed: 0,
  };
  return {
    record,
    noteCredential(connectionNumber, bytes) {
      const attempt = record.attempts.findLast((one) => one.connectionNumber === connectionNumber);
      if (attempt !== undefined) attempt.credentialBytes += bytes;
    },
    onEvent(event) {
      switch (event.kind) {
        case 'connection-opened':
          record.connections += 1;
          record.openConnections += 1;
          record.mostOpenConnections = Math.max(record.mostOpenConnections, record.openConnections);
          break;
        case 'connection-closed':
          record.openConnections -= 1;
          break;
        case 'login-attempted': {
          const { kind: _, ...attempt } = event;
          record.attempts.push(attempt);
          break;
        }
        case 'session-opened':
          record.sessionsOpened += 1;
          record.openSessions += 1;
          record.mostOpenSessions = Math.max(record.mostOpenSessions, record.openSessions);
          break;
        case 'session-closed':
          record.openSessions -= 1;
          break;
        case 'session-refused':
          record.sessionsRefused += 1;
          break;
        case 'bytes-served':
          record.bytesServed += event.bytes;
          break;
      }
    },
  };
}
