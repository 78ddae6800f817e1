import { TransferError } from '../transfer/errors.ts';

/** The ledger, or the list of sessions in use, cannot be read or written at the moment. */
export class LedgerUnavailableError extends TransferError {
  override readonly name = 'LedgerUnavailableError';
  readonly retryable = true;
}
