import type { Remains, UploadRemains } from '../../../local/remains.ts';
import { countOf } from '../../format/numbers.ts';
import { abortCommand } from './abort-command.ts';

/** What S3 answered about a transfer that did not succeed, in lines for people. */
export function remainsForPeople({ upload, object }: Remains, endpointUrl?: string): string[] {
  return [...objectLines(object), ...uploadLines(upload, endpointUrl)];
}

/** The same as fields of `--json`. */
export function remainsAsJson({ upload, object }: Remains): Record<string, unknown> {
  const fields = { upload: upload.state, object };
  if (upload.state !== 'left' && upload.state !== 'unknown') return fields;
  const { bucket, key, uploadId } = upload.upload;
  const kept = upload.state === 'left' && upload.keptUntil !== undefined && { keep_until: upload.keptUntil };
  return { ...fields, bucket, key, upload_id: uploadId, ...kept };
}

function objectLines(object: Remains['object']): string[] {
  switch (object) {
    case 'none':
      return ['No object was made.'];
    case 'made':
      return ['The object was made all the same: S3 has it under the key.'];
    case 'unknown':
      return ['S3 did not answer whether an object was made.'];
  }
}

function uploadLines(remains: UploadRemains, endpointUrl: string | undefined): string[] {
  switch (remains.state) {
    case 'none':
      return ['No upload had been started.'];
    case 'gone':
      return ['No upload is left: S3 was asked.'];
    case 'left':
      return [
        remains.keptUntil === undefined
          ? `The upload is left, with ${countOf(remains.parts, 'part')}, which cost storage. To remove it:`
          : `The upload is kept until ${remains.keptUntil}, with ${countOf(remains.parts, 'part')}, which cost storage. To remove it:`,
        `  ${abortCommand(remains.upload, endpointUrl)}`,
      ];
    case 'unknown':
      return [
        `S3 did not answer whether the upload is left (${remains.reason}). To remove it:`,
        `  ${abortCommand(remains.upload, endpointUrl)}`,
      ];
  }
}
