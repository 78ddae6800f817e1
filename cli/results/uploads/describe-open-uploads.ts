import type { OpenUpload } from '../../../s3/open-uploads.ts';
import { countOf } from '../../format/numbers.ts';
import { abortCommand } from './abort-command.ts';

/** Uploads of the target's key that were there before the transfer began, in lines for people; none for none. */
export function openUploadsForPeople(uploads: readonly OpenUpload[], endpointUrl?: string): string[] {
  const [first] = uploads;
  if (first === undefined) return [];
  return [
    `S3 has ${countOf(uploads.length, 'open upload')} of s3://${first.bucket}/${first.key} from before. Unless another ` +
      'transfer to this key is running, an earlier one was cut off, and the parts cost storage. To remove:',
    ...uploads.map((upload) => `  ${abortCommand(upload, endpointUrl)}${startedAt(upload)}`),
  ];
}

function startedAt({ startedAt: at }: OpenUpload): string {
  return at === undefined ? '' : `  # started ${at.toISOString().slice(0, 19)}Z`;
}
