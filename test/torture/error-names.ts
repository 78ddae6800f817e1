import * as errors from '../../lambdas/shared/errors.ts';

type ErrorModule = typeof errors;
/** `TransferError` itself is abstract. */
export type TransferErrorName = Exclude<keyof ErrorModule, 'TransferError'>;

/** Every name with which a transfer may fail. */
export const TRANSFER_ERROR_NAMES = Object.keys(errors).filter(
  (name): name is TransferErrorName => name !== 'TransferError',
);
