import { z } from 'zod';
import type { ObjectStore } from '../../s3/ports.ts';
import { type CompletedTransfer, completedTransferSchema } from '../../transfer/contracts.ts';
import { isFolderTransfer } from '../../transfer/generation-execution.ts';
import { EXECUTION_METADATA_KEY } from '../../transfer/object-metadata.ts';
import type { Arrival, Copying, Failure, Look, Sight } from '../sight.ts';
import { copyProgress } from './copy-progress.ts';
import type { ExecutionReader, SeenExecution } from './executions.ts';
import { fingerprint } from './fingerprint.ts';

export interface PathLookPorts {
  executions: Pick<ExecutionReader, 'since' | 'firstOutputs'>;
  store: Pick<ObjectStore, 'headObject' | 'listParts'>;
}

const inputSchema = z.object({ sftp_file_path: z.string() });

/** A transfer's failure that says how it is at the server: there was no such file, or it was not finished. */
const SOURCE_ANSWERS: Readonly<Record<string, string | undefined>> = {
  SourceNotFoundError: undefined,
  SourceChangedError: 'changing',
};

/** What the transfers of one file have shown since a moment. */
export async function lookAtPath(
  path: string,
  stateMachineArn: string,
  sinceMs: number,
  { executions, store }: PathLookPorts,
  signal: AbortSignal,
): Promise<Sight> {
  const arrivals: Arrival[] = [];
  const copying: Copying[] = [];
  const looks: Look[] = [];
  const failures: Failure[] = [];
  const isTransferOfOneFile = (name: string): boolean => !isFolderTransfer(name);
  for await (const execution of executions.since(stateMachineArn, sinceMs, isTransferOfOneFile, signal)) {
    const input = inputSchema.safeParse(execution.input);
    if (!input.success || input.data.sftp_file_path !== path) continue;
    const { status, startedAtMs, endedAtMs, errorName, message, name } = execution;
    if (endedAtMs === undefined) {
      const progress = await copyProgress(execution.arn, executions, store, signal);
      copying.push({ path, sinceMs: startedAtMs, ...(progress !== undefined && { progress }) });
    } else if (status === 'SUCCEEDED') {
      arrivals.push(await arrivalOf(path, execution, endedAtMs, store, signal));
      looks.push({ atMs: startedAtMs, isComplete: true, waiting: [] });
    } else if (errorName in SOURCE_ANSWERS) {
      const reason = SOURCE_ANSWERS[errorName];
      const waiting = reason === undefined ? [] : [{ path, reason }];
      looks.push({ atMs: endedAtMs, isComplete: true, waiting });
    } else {
      failures.push({ atMs: endedAtMs, errorName, message, execution: name });
    }
  }
  return { arrivals, copying, looks, failures };
}

async function arrivalOf(
  path: string,
  { arn, output }: SeenExecution,
  landedAtMs: number,
  store: PathLookPorts['store'],
  signal: AbortSignal,
): Promise<Arrival> {
  const object = completedTransferSchema.parse(output);
  const identity = fingerprint(path, object.size_bytes, await versionOf(object, arn, store, signal));
  return { path, identity, sizeBytes: object.size_bytes, landedAtMs };
}

/** The file's time at the server, as the object's metadata has it; its checksum where a consumer has moved the object. */
async function versionOf(
  { bucket, key, version_id, checksum_crc64nvme, etag }: CompletedTransfer,
  executionArn: string,
  store: PathLookPorts['store'],
  signal: AbortSignal,
): Promise<string> {
  const target = { bucket, key, ...(version_id !== null && { versionId: version_id }) };
  const head = await store.headObject(target, signal);
  // Without versions, another transfer may have replaced it since.
  const isOurs = head?.metadata[EXECUTION_METADATA_KEY] === executionArn;
  return (isOurs ? head?.metadata['source-modified-at'] : undefined) ?? checksum_crc64nvme ?? etag;
}
