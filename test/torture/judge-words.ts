import type { Observed, Printed } from './observed.ts';

/** What each word of `--json` reads like for people. */
const TEXT_OF_OBJECT: Readonly<Record<string, string>> = {
  none: 'No object was made.',
  made: 'The object was made all the same',
  unknown: 'S3 did not answer whether an object was made.',
};
const TEXT_OF_UPLOAD: Readonly<Record<string, string>> = {
  none: 'No upload had been started.',
  gone: 'No upload is left: S3 was asked.',
  left: 'The upload is left, with ',
  unknown: 'S3 did not answer whether the upload is left',
};

/** Compares what was printed with what is there. @param mayBeUnknown S3 did not show what is left */
export function judgeWords(observed: Observed, mayBeUnknown: boolean): string[] {
  const { json, text } = observed.printed;
  if (json.status !== observed.outcome.status)
    return [`it printed ${String(json.status)}, but ended ${observed.outcome.status}`];
  if (json.status === 'SUCCEEDED') return judgeLanded(observed);
  return [
    ...judgeObject(observed),
    ...judgeUpload(observed, mayBeUnknown),
    ...missingText(text, TEXT_OF_OBJECT, json.object),
    ...missingText(text, TEXT_OF_UPLOAD, json.upload),
  ];
}

/** Ids of the uploads that the printed words name as left, or as possibly left. */
export function namedUploads({ json, text }: Printed): readonly unknown[] {
  const isNamed = json.upload === 'left' || json.upload === 'unknown';
  return isNamed && text.includes(`--upload-id '${String(json.upload_id)}'`) ? [json.upload_id] : [];
}

function judgeLanded({ landed, printed: { json, text }, sourceBytes, sourceSha256 }: Observed): string[] {
  const complaints: string[] = [];
  if (landed.get(String(json.key)) !== sourceSha256)
    complaints.push(`it printed that ${String(json.key)} landed, but that is not the source`);
  if (json.size_bytes !== sourceBytes)
    complaints.push(`it printed ${String(json.size_bytes)} bytes, but the source has ${sourceBytes}`);
  if (!text.startsWith(`Landed: s3://${String(json.bucket)}/${String(json.key)}\n`))
    complaints.push(`the text does not name what landed: ${text}`);
  return complaints;
}

function judgeObject({ earlier, landed, printed: { json } }: Observed): string[] {
  const made = [...landed].filter(([key, sha256]) => earlier.get(key) !== sha256).map(([key]) => key);
  if (json.object === 'none' && made.length > 0)
    return [`it printed that no object was made, but made ${made.join(', ')}`];
  if (json.object === 'made' && made.length === 0)
    return ['it printed that the object was made, but there is none'];
  return json.object === 'unknown' ? ['it printed that S3 did not answer, but S3 does'] : [];
}

function judgeUpload({ openUploads, printed }: Observed, mayBeUnknown: boolean): string[] {
  const { upload, upload_id: uploadId } = printed.json;
  if ((upload === 'none' || upload === 'gone') && openUploads.length > 0)
    return [`it printed that no upload is left, but ${openUploads.join(', ')} is`];
  if (upload === 'left' && !openUploads.some((open) => open === uploadId))
    return [`it printed that upload ${String(uploadId)} is left, but it is not`];
  return upload === 'unknown' && !mayBeUnknown ? ['it printed that S3 did not answer, but S3 does'] : [];
}

function missingText(text: string, textOf: Readonly<Record<string, string>>, word: unknown): string[] {
  const expected = textOf[String(word)];
  if (expected === undefined)
    return [`it printed ${JSON.stringify(word)}, which is not a word for what is left`];
  return text.includes(expected) ? [] : [`it printed ${String(word)} as JSON, but people read: ${text}`];
}
