import { GIB, MIB } from './text/units.ts';

/** Limits set by others, each with its source. All sizes in bytes. */

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const S3_MAX_PARTS = 10_000;
export const S3_MIN_PART_SIZE_BYTES = 5 * MIB;
export const S3_MAX_PART_SIZE_BYTES = 5 * GIB;
export const S3_MAX_KEY_BYTES = 1_024;
/** User-defined metadata, keys and values together; https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export const S3_MAX_USER_METADATA_BYTES = 2_048;

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const STEP_FUNCTIONS_MAX_PAYLOAD_BYTES = 262_144;
export const STEP_FUNCTIONS_MAX_HISTORY_EVENTS = 25_000;
export const STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY = 40;

/** A read that every server must serve: draft-ietf-secsh-filexfer-02, section 3. */
export const SFTP_MIN_READ_BYTES = 32_768;
/**
 * Largest read that OpenSSH serves (`limits@openssh.com`), and the largest answer that ssh2 takes: packets of 256 KiB
 * less 1 KiB for the header.
 */
export const SFTP_MAX_READ_BYTES = 261_120;
/** Longest path that Linux resolves (PATH_MAX); longer names cannot exist on the servers we know. */
export const SFTP_MAX_PATH_BYTES = 4_096;
/** Longest name in a path that the usual file systems have (NAME_MAX). */
export const SFTP_MAX_NAME_BYTES = 255;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_MAX_TIMEOUT_SECONDS = 900;

/** Both together end before GetFileMetadata does (120 s), which has to say why it failed. */
export const MAX_CONNECT_TIMEOUT_SECONDS = 30;
export const MAX_LOGIN_TIMEOUT_SECONDS = 70;
