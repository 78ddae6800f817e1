import * as errors from '../../../transfer/errors.ts';

/** `TransferError` itself is abstract. */
export type TransferErrorName = Exclude<keyof typeof errors, 'TransferError'>;

/** Every name with which a transfer may fail. */
export const TRANSFER_ERROR_NAMES = Object.keys(errors).filter(
  (name): name is TransferErrorName => name.endsWith('Error') && name !== 'TransferError',
);
