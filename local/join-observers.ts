import type { TransferObserver } from './local-transfer.ts';

/** One observer that passes everything on to several. It counts bytes only if one of them wants to know. */
export function joinObservers(observers: readonly TransferObserver[]): TransferObserver {
  const counting = observers.filter((observer) => observer.chunkProgressed !== undefined);
  return {
    fileFound(file) {
      for (const observer of observers) observer.fileFound?.(file);
    },
    uploadStarted(upload) {
      for (const observer of observers) observer.uploadStarted?.(upload);
    },
    chunksPlanned(plan) {
      for (const observer of observers) observer.chunksPlanned?.(plan);
    },
    uploadResumed(resumed) {
      for (const observer of observers) observer.uploadResumed?.(resumed);
    },
    chunkLanded(chunkNumber) {
      for (const observer of observers) observer.chunkLanded?.(chunkNumber);
    },
    partnerAwaited(awaited) {
      for (const observer of observers) observer.partnerAwaited?.(awaited);
    },
    stepEnded(attempt) {
      for (const observer of observers) observer.stepEnded?.(attempt);
    },
    workflowEvent(event) {
      for (const observer of observers) observer.workflowEvent?.(event);
    },
    ...(counting.length > 0 && {
      chunkProgressed(chunkNumber, bytesRead) {
        for (const observer of counting) observer.chunkProgressed?.(chunkNumber, bytesRead);
      },
    }),
  };
}
