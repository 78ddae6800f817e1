import { createHash } from 'node:crypto';

/** Names one delivery of a path in few characters: a thousand of them fit into a row. */
export function fingerprint(path: string, sizeBytes: number, version: string | number): string {
  return createHash('sha256')
    .update(JSON.stringify([path, sizeBytes, version]))
    .digest('base64url')
    .slice(0, 22);
}
