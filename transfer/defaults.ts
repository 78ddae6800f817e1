import { MIB } from './text/units.ts';

/** What a transfer uses when neither its request nor the partner's configuration says otherwise. */

/** 50 MiB: large enough that connecting costs little, small enough that a lost chunk does. */
export const DEFAULT_CHUNK_SIZE_BYTES = 50 * MIB;
/** Below OpenSSH's default MaxStartups (10), so that even a simultaneous start loses no connection. */
export const DEFAULT_MAX_CONCURRENCY = 8;
/** A SYN that is lost is sent again after 1, 3, 7 and 15 s; who has not answered by then does not listen. */
export const DEFAULT_CONNECT_TIMEOUT_SECONDS = 20;
/** Servers that look names up or ask a directory have been seen to take 25 to 30 s from the first packet to the session. */
export const DEFAULT_LOGIN_TIMEOUT_SECONDS = 45;
/** SFTP channels that one connection reads over at most. OpenSSH allows 10 (`MaxSessions`). */
export const DEFAULT_MAX_CHANNELS = 8;
