/** What a transfer uses when neither its request nor the partner's configuration says otherwise. */

/** 50 MiB: large enough that connecting costs little, small enough that a lost chunk does. */
export const DEFAULT_CHUNK_SIZE_BYTES = 50 * 1024 ** 2;
/** Below OpenSSH's default MaxStartups (10), so that even a simultaneous start loses no connection. */
export const DEFAULT_MAX_CONCURRENCY = 8;
