import { removeExpired } from '../../lambdas/abort-upload/remove-expired.ts';
import { type KeptUploads, removalName } from '../../ledger/kept-uploads.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import { systemClock } from '../../transfer/clock.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { isLocalClaimOver, localClaim } from './local-claims.ts';

/** How long removing what has expired may keep a transfer waiting. */
const EXPIRY_TIMEOUT_MS = 30_000;

/** Removes what earlier transfers on this machine left and nobody came back for in time. Never throws. */
export async function removeExpiredUploads(
  uploads: KeptUploads,
  ports: { store: ObjectStore; telemetry: Telemetry },
): Promise<void> {
  const { nowMs } = systemClock;
  const expiryPorts = {
    ...ports,
    uploads,
    clock: systemClock,
    claimOf: (execution: string) => localClaim(execution, nowMs()),
    isOver: async (claim: Parameters<typeof isLocalClaimOver>[0]) => isLocalClaimOver(claim, nowMs()),
  };
  const signal = AbortSignal.timeout(EXPIRY_TIMEOUT_MS);
  await removeExpired(removalName(`${process.pid}`), expiryPorts, signal).catch((error: Error) =>
    ports.telemetry.warn('expired uploads were not removed', { cause: error.message }),
  );
}
