import { type FolderRun, keyOfFile, type ListedFile } from '../../folder/run/folder-run.ts';
import type { CopyOutcome, CopySettings, FileToCopy } from '../copy-batch/batch.ts';
import type { FileOutcome } from './run-files.ts';

/** How the files of a run are copied. @param files those that keys will be asked for */
export function copySettings(run: FolderRun, files: readonly ListedFile[]): CopySettings {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const { folder } = run;
  return {
    rootPath: run.root_path,
    bucket: run.bucket,
    keyOf: (file, generation, owner) =>
      keyOfFile(run, byPath.get(file.path) ?? withoutGroups(file), generation, owner),
    ifExists: folder.ifExists,
    runId: run.run_id,
    afterProof: folder.afterProof.action,
    maxFailures: folder.maxFailures,
    redelivery: folder.redelivery,
    force: run.force,
  };
}

function withoutGroups({ path, sizeBytes, modifiedAtSeconds }: FileToCopy): ListedFile {
  return { path, size_bytes: sizeBytes, modified_at_seconds: modifiedAtSeconds, groups: [] };
}

export function toFileToCopy({ path, size_bytes, modified_at_seconds, trigger }: ListedFile): FileToCopy {
  return {
    path,
    sizeBytes: size_bytes,
    modifiedAtSeconds: modified_at_seconds,
    ...(trigger !== undefined && {
      trigger: { sizeBytes: trigger.size_bytes, modifiedAtSeconds: trigger.modified_at_seconds },
    }),
  };
}

/** As it is kept for the run's summary. */
export function toFileOutcome(outcome: CopyOutcome): FileOutcome {
  const { path, status } = outcome;
  switch (outcome.status) {
    case 'landed':
      return {
        path,
        status: 'landed',
        size_bytes: outcome.sizeBytes,
        key: outcome.object.key,
        generation: outcome.generation,
      };
    case 'not-claimed':
      return { path, status: 'not-claimed', reason: outcome.reason };
    case 'failed': {
      const { name, message } = outcome.error;
      return { path, status: 'failed', error: { name, message } };
    }
    default:
      return { path, status };
  }
}
