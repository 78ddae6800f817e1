import { parseContract, targetKeySchema } from '../../transfer/contracts.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

/**
 * A key that was made from a file's name, within S3's bounds; the reason where it cannot be one.
 * @param prefix put before it as it is
 */
export function checkedKey(prefix: string, filled: string): { key: string } | { mistake: string } {
  try {
    const { target_s3_key: key } = parseContract(targetKeySchema, { target_s3_key: prefix + filled });
    return { key };
  } catch (error) {
    if (error instanceof InvalidTransferRequestError) return { mistake: error.bound };
    throw error;
  }
}
