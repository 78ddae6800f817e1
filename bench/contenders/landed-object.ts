import { ObjectFiles } from '../../local/s3-server/object-files.ts';
import { hashFile } from '../../local/sample-file.ts';

/** Takes an object out of the embedded S3 server's folder. @returns its SHA-256, hexadecimal */
export async function takeObject(directory: string, bucket: string, key: string): Promise<string> {
  const objects = new ObjectFiles(directory);
  const sha256 = await hashFile(objects.objectPath(bucket, key));
  await objects.delete(bucket, key);
  return sha256;
}
