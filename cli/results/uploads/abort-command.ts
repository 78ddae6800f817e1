import type { MultipartUpload } from '../../../s3/ports.ts';
import { shellWord } from '../../format/shell-word.ts';

/**
 * The AWS CLI's command that removes an upload and its parts.
 * @param endpointUrl of a store that is not AWS's own
 */
export function abortCommand({ bucket, key, uploadId }: MultipartUpload, endpointUrl?: string): string {
  const words = [
    'aws s3api abort-multipart-upload',
    ...(endpointUrl === undefined ? [] : [`--endpoint-url ${shellWord(endpointUrl)}`]),
    `--bucket ${bucket} --key ${shellWord(key)} --upload-id ${shellWord(uploadId)}`,
  ];
  return words.join(' ');
}
