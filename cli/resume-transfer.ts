import { type KeptUpload, lastExecutionOf } from '../ledger/kept-uploads.ts';
import type { UploadFile } from '../ledger/sqlite/sqlite-uploads.ts';
import { findResumable, type TransferToMatch } from '../local/resume/find-resumable.ts';
import { isLocalClaimOver } from '../local/resume/local-claims.ts';
import { removeExpiredUploads } from '../local/resume/remove-expired-uploads.ts';
import type { ObjectStore } from '../s3/ports.ts';
import { systemClock } from '../transfer/clock.ts';
import type { Telemetry } from '../transfer/telemetry.ts';
import { formatTime } from './format/numbers.ts';

/**
 * Looks for what earlier transfers of this file left, and says what it found. Uploads whose time is over are removed
 * first.
 * @returns the execution to go on with; undefined where the transfer begins anew
 */
export async function findWhatToResume(
  uploads: UploadFile,
  transfer: TransferToMatch,
  isWanted: boolean,
  ports: { store: ObjectStore; telemetry: Telemetry },
): Promise<string | undefined> {
  await removeExpiredUploads(uploads, ports);
  const found = await findResumable(uploads, transfer);
  if (found === undefined) {
    if (isWanted)
      process.stderr.write(
        `Nothing to resume: no unfinished upload to s3://${transfer.bucket}/${transfer.key} is written down. Beginning anew.\n`,
      );
    return undefined;
  }
  if (isWanted) return lastExecutionOf(found);
  if (found.claim === undefined || isLocalClaimOver(found.claim, systemClock.nowMs())) announce(found);
  else announceOther(found);
  return undefined;
}

function announce({ bucket, key, startedAtMs, keepUntilMs }: KeptUpload): void {
  process.stderr.write(
    `An earlier transfer to s3://${bucket}/${key}, begun ${formatTime(startedAtMs)}, left finished parts, which are kept ` +
      `until ${formatTime(keepUntilMs)}. Beginning anew; --resume goes on with them instead.\n`,
  );
}

function announceOther({ bucket, key, startedAtMs }: KeptUpload): void {
  process.stderr.write(
    `Another transfer to s3://${bucket}/${key}, begun ${formatTime(startedAtMs)}, is under way on this machine.\n`,
  );
}
