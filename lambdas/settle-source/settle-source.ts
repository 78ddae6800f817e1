import { basename, dirname } from 'node:path/posix';
import { type AfterProofStep, nextAfterProofStep, type ObjectProof } from '../../folder/after-proof.ts';
import type { FileIdentity, LandedGeneration } from '../../ledger/entry.ts';
import type { ObjectStore } from '../../s3/ports.ts';
import type { EntryAttributes, FolderOperations, NameChange } from '../../sftp/folder/ports.ts';
import { SFTP_MAX_NAME_BYTES } from '../../transfer/limits.ts';

/** What is to become of one source file whose generation landed. Paths are absolute, on the server. */
export interface SettleRequest {
  action: 'move' | 'delete';
  path: string;
  /** Of a move. */
  to?: string;
  onConflict: 'suffix' | 'replace' | 'leave';
  createFolders: boolean;
  landed: LandedGeneration;
}

export type Settled =
  | { done: true; warning?: 'vanished' }
  /** The source stays; `error` is for the ledger. */
  | { done: false; error: { name: string; message: string } };

export interface SettlePorts {
  folders: FolderOperations;
  store: Pick<ObjectStore, 'headObject'>;
}

/** Steps that one file may take: a lost answer or a second name costs one more question. */
const MAX_STEPS = 4;

/**
 * Moves or removes one source file, from what is there at each step and never from what was asked before: so it may be
 * called again after an answer was lost. It acts on the generation that landed, while the object is as it was proved,
 * and on nothing else.
 * @throws SftpConnectionError | SftpStalledError without an answer: look again over another session
 */
export async function settleSource(
  request: SettleRequest,
  ports: SettlePorts,
  signal: AbortSignal,
): Promise<Settled> {
  const { folders } = ports;
  let target = request.to;
  let refusal: NameChange | undefined;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const seen = {
      source: identityOf(await folders.lookAt(request.path, signal)),
      target: target === undefined ? undefined : identityOf(await folders.lookAt(target, signal)),
    };
    const proof =
      seen.source === undefined ? undefined : await proveObject(request.landed, ports.store, signal);
    const step = nextAfterProofStep(request, seen, proof);
    if (step.do === 'nothing')
      return { done: true, ...(step.because === 'vanished' && { warning: 'vanished' }) };
    if (step.do === 'leave') return leave(step.because, describeLeft(request, step));
    if (refusal !== undefined && !refusal.done && step.do !== 'rename-with-suffix') {
      return leave('name-change-refused', describeRefusal(request, target, refusal));
    }
    if (step.do === 'rename-with-suffix') {
      const next = `${request.to}-${request.landed.generation}`;
      if (target === next) return leave('target-exists', `${target} exists as well`);
      if (Buffer.byteLength(basename(next)) > SFTP_MAX_NAME_BYTES) {
        return leave('target-exists', `${target} exists, and its name leaves no room for a suffix`);
      }
      target = next;
      refusal = undefined;
      continue;
    }
    refusal = await perform(step, request, target, folders, signal);
  }
  return leave('name-change-refused', `the server changes ${request.path} again and again`);
}

async function perform(
  step: AfterProofStep,
  request: SettleRequest,
  target: string | undefined,
  folders: FolderOperations,
  signal: AbortSignal,
): Promise<NameChange> {
  if (step.do === 'remove' || target === undefined) return folders.remove(request.path, signal);
  if (request.createFolders) await makeFolders(dirname(target), folders, signal);
  return step.do === 'rename-over'
    ? folders.renameOver(request.path, target, signal)
    : folders.rename(request.path, target, signal);
}

/** From the deepest folder that is there. What a server refuses is seen by the rename. */
async function makeFolders(path: string, folders: FolderOperations, signal: AbortSignal): Promise<void> {
  if (path === '/' || path === '.' || (await folders.lookAt(path, signal)) !== undefined) return;
  await makeFolders(dirname(path), folders, signal);
  await folders.makeFolder(path, signal);
}

/** By the very version that was recorded, where the bucket keeps versions. */
async function proveObject(
  { object, sizeBytes }: LandedGeneration,
  store: Pick<ObjectStore, 'headObject'>,
  signal: AbortSignal,
): Promise<ObjectProof> {
  const { bucket, key, versionId, crc64Nvme, etag } = object;
  const head = await store.headObject({ bucket, key, ...(versionId !== undefined && { versionId }) }, signal);
  if (head === undefined) return 'gone';
  if (head.sizeBytes !== sizeBytes) return 'different';
  if (crc64Nvme !== undefined && head.checksumCrc64Nvme !== undefined)
    return crc64Nvme === head.checksumCrc64Nvme ? 'as-recorded' : 'different';
  // A store that gives none is recorded with an empty one.
  if (etag === '' || head.etag === '') return 'unprovable';
  return etag === head.etag ? 'as-recorded' : 'different';
}

function identityOf(attributes: EntryAttributes | undefined): FileIdentity | undefined {
  if (attributes === undefined) return undefined;
  return { sizeBytes: attributes.sizeBytes ?? -1, modifiedAtSeconds: attributes.modifiedAtSeconds ?? 0 };
}

function leave(name: string, message: string): Settled {
  return { done: false, error: { name, message } };
}

function describeLeft({ path, landed }: SettleRequest, step: AfterProofStep & { do: 'leave' }): string {
  const object = `s3://${landed.object.bucket}/${landed.object.key}`;
  if (step.because === 'changed-after-landing') return `${path} has changed since it landed, so it stays`;
  if (step.because === 'object-gone')
    return `${object} is gone, so ${path} stays: it may be all that is left`;
  if (step.because === 'object-different') return `${object} is another than landed, so ${path} stays`;
  if (step.because === 'object-unprovable')
    return `the store gives neither a checksum nor an ETag of ${object}, so ${path} stays`;
  return `the archive has a file of the name of ${path} already`;
}

function describeRefusal(
  { path, action }: SettleRequest,
  target: string | undefined,
  refusal: NameChange & { done: false },
): string {
  const what = action === 'delete' ? `remove ${path}` : `rename ${path} to ${target}`;
  return `the server does not ${what} (status ${refusal.status}: ${JSON.stringify(refusal.message)})`;
}
