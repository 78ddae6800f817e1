import type { KeptUpload, KeptUploads } from '../../ledger/kept-uploads.ts';

export interface TransferToMatch {
  /** `sftp://host:port` */
  serverUrl: string;
  bucket: string;
  key: string;
}

/**
 * The newest unfinished upload to the same target from the same server. Whether it is of the same file, ResumeUpload
 * finds out.
 */
export async function findResumable(
  uploads: Pick<KeptUploads, 'list'>,
  { serverUrl, bucket, key }: TransferToMatch,
): Promise<KeptUpload | undefined> {
  let newest: KeptUpload | undefined;
  for await (const upload of uploads.list()) {
    if (upload.bucket !== bucket || upload.key !== key) continue;
    const source = upload.objectMetadata['source-url'];
    if (source !== undefined && !source.startsWith(`${serverUrl}/`)) continue;
    if (newest === undefined || upload.startedAtMs > newest.startedAtMs) newest = upload;
  }
  return newest;
}

/** The ids of all uploads to a target that are written down, whoever works on them. */
export async function writtenUploadIds(
  uploads: Pick<KeptUploads, 'list'>,
  { bucket, key }: Pick<TransferToMatch, 'bucket' | 'key'>,
): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const upload of uploads.list())
    if (upload.bucket === bucket && upload.key === key) ids.add(upload.uploadId);
  return ids;
}
