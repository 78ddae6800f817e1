import { LAMBDA_MAX_TIMEOUT_SECONDS } from '../../transfer/limits.ts';
import type { PartnerConfiguration } from '../config/partner/partner-schema.ts';
import { type PerStep, STEPS_WITH_SESSIONS } from '../steps.ts';

export interface StepSize {
  memoryMb: number;
  /** Below the TimeoutSeconds of the step's state, so that Lambda's own message is the one that is seen. */
  timeoutSeconds: number;
}

/** Handshake and decryption of one connection, without waiting for a sliver of a processor. */
const CONNECTING_MEMORY_MB = 512;
const PLAIN_MEMORY_MB = 256;

/** Memory and time of each step's function. Only the download's is the partner's to choose. */
export function stepSizes(
  partner: Pick<PartnerConfiguration, 'memoryMb' | 'timeoutSeconds'>,
): PerStep<StepSize> {
  return {
    'reserve-sessions': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 30 },
    'get-file-metadata': { memoryMb: CONNECTING_MEMORY_MB, timeoutSeconds: 120 },
    // Reads whole chunks again, and one may have 5 GiB.
    'resume-upload': { memoryMb: partner.memoryMb, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
    'create-file-chunks': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 30 },
    'download-segment': { memoryMb: partner.memoryMb, timeoutSeconds: partner.timeoutSeconds },
    // S3 may take minutes to join the parts.
    'complete-upload': { memoryMb: CONNECTING_MEMORY_MB, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
    'keep-parts': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 50 },
    'abort-upload': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 300 },
    'release-sessions': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 30 },
  };
}

/** How long a function that holds a session may work on after its execution has ended: the longest of their times. */
export function sessionDrainSeconds(sizes: PerStep<StepSize>): number {
  return Math.max(...STEPS_WITH_SESSIONS.map((step) => sizes[step].timeoutSeconds));
}
