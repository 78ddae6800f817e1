import { LAMBDA_MAX_TIMEOUT_SECONDS } from '../../../transfer/limits.ts';
import type { PartnerConfiguration } from '../../config/partner/partner-schema.ts';
import type { PerFolderStep } from '../../steps.ts';
import type { StepSize } from '../step-sizes.ts';

const PLAIN_MEMORY_MB = 256;
/** A session, and the ledger's rows that wait for their source's end. */
const SETTLING_MEMORY_MB = 512;
/** One full vCPU, and room for the names and rows of a large folder; the most that a new account may have. */
const LISTING_MEMORY_MB = 3_008;
const SUMMARY_MEMORY_MB = 1_769;

/** Memory and time of the functions of folder runs. Those that hold a session go on until their time is nearly over. */
export function folderStepSizes(partner: Pick<PartnerConfiguration, 'memoryMb'>): PerFolderStep<StepSize> {
  return {
    'list-folder': { memoryMb: LISTING_MEMORY_MB, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
    'copy-batch': { memoryMb: partner.memoryMb, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
    'claim-file': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 60 },
    'commit-file': { memoryMb: PLAIN_MEMORY_MB, timeoutSeconds: 60 },
    'settle-source': { memoryMb: SETTLING_MEMORY_MB, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
    'summarise-run': { memoryMb: SUMMARY_MEMORY_MB, timeoutSeconds: LAMBDA_MAX_TIMEOUT_SECONDS },
  };
}
