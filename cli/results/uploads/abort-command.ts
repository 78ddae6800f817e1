import type { MultipartUpload } from '../../../s3/ports.ts';
import { shellWord } from '../../format/shell-word.ts';

/** The AWS CLI's command that removes an upload and its parts. */
export function abortCommand({ bucket, key, uploadId }: MultipartUpload): string {
  return `aws s3api abort-multipart-upload --bucket ${bucket} --key ${shellWord(key)} --upload-id ${shellWord(uploadId)}`;
}
