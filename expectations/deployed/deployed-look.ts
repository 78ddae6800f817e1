import type { FileLedger } from '../../ledger/ports.ts';
import type { ObjectStore, StateFiles } from '../../s3/ports.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';
import { fillDates } from '../date-tokens.ts';
import type { LookAtFiles } from '../sight.ts';
import type { ExecutionReader } from './executions.ts';
import { lookAtFolder } from './look-at-folder.ts';
import { lookAtPath } from './look-at-path.ts';

export interface DeployedLookPorts {
  executions: Pick<ExecutionReader, 'since' | 'firstOutputs'>;
  store: Pick<ObjectStore, 'headObject' | 'listParts'>;
  /** Undefined where the stack has no folders. */
  files: Pick<StateFiles, 'find'> | undefined;
  ledgerOf(partner: string, folder: string): Pick<FileLedger, 'get' | 'list'>;
  /** ARN of the state machine of a partner's transfers. */
  transferMachineArn(partner: string): string;
  folderMachineArn(partner: string): string;
  nowMs(): number;
}

/** A file of a dated name may land so long before its time, and is found. A folder's ledger knows it for ever. */
const MAX_EARLY_MS = 2 * 86_400_000;

/** What the deployed stack knows of an expectation's files: its executions, its ledger and its last listings. */
export function deployedLook(ports: DeployedLookPorts): LookAtFiles {
  return async ({ partner, folders }, expectation, expected, signal) => {
    const { date, fromMs, lookSinceMs, dueMs, isDated } = expected;
    const nowMs = ports.nowMs();
    const sinceMs = Math.min(fromMs, lookSinceMs, ...(isDated ? [dueMs - MAX_EARLY_MS] : []));
    const transferMachineArn = ports.transferMachineArn(partner);
    if (expectation.path !== undefined) {
      const path = fillDates(expectation.path, date);
      return lookAtPath(path, transferMachineArn, sinceMs, ports, signal);
    }
    const folder = folders.find(({ name }) => name === expectation.folder);
    if (folder === undefined || ports.files === undefined) {
      throw new InvalidTransferRequestError(
        'folder',
        expectation.folder,
        'it must be a folder of the partner',
      );
    }
    const request = {
      partner,
      folder,
      pattern: fillDates(expectation.match ?? '**', date),
      sinceMs,
      nowMs,
      folderMachineArn: ports.folderMachineArn(partner),
      transferMachineArn,
    };
    const { executions, store, files } = ports;
    return lookAtFolder(
      request,
      { executions, store, files, ledger: ports.ledgerOf(partner, folder.name) },
      signal,
    );
  };
}
