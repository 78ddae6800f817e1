import type { ChunkPlan } from '../lambdas/shared/contracts.ts';
import { type LocalTransfer, runLocalTransfer, type TransferOutcome } from '../local/local-transfer.ts';
import { ProgressBar } from './progress-bar.ts';

/** Runs a transfer, with a progress bar where stderr is a terminal. */
export async function runTransfer(
  transfer: Omit<LocalTransfer, 'observer'>,
): Promise<{ outcome: TransferOutcome; plan: ChunkPlan | undefined }> {
  const bar = process.stderr.isTTY ? new ProgressBar() : undefined;
  let plan: ChunkPlan | undefined;
  const observer: LocalTransfer['observer'] = {
    fileFound: (file) => bar?.fileFound(file),
    chunksPlanned: (found) => {
      plan = found;
      bar?.chunksPlanned(found);
    },
    chunkLanded: () => bar?.chunkLanded(),
    ...(bar === undefined
      ? {}
      : { chunkProgressed: (number, bytesRead) => bar.chunkProgressed(number, bytesRead) }),
  };
  try {
    return { outcome: await runLocalTransfer({ ...transfer, observer }), plan };
  } finally {
    bar?.stop();
  }
}
