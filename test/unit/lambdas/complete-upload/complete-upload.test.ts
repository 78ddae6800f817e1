import { checkParts } from '../../../../lambdas/complete-upload/check-parts.ts';
import { completeUpload } from '../../../../lambdas/complete-upload/complete-upload.ts';
import type { UploadedPart } from '../../../../s3/ports.ts';
import type { PlannedTransfer } from '../../../../transfer/contracts.ts';
import {
  IncompleteUploadError,
  SftpRequestFailedError,
  SourceChangedError,
  TargetExistsError,
  UploadFailedError,
  UploadGoneError,
} from '../../../../transfer/errors.ts';
import { crc64NvmeOf } from '../../../support/s3/crc64-nvme-of.ts';
import { PLANNED_METADATA, plannedFile, SOURCE_PATH, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const FILE = Buffer.from('the first part|the second one|the rest');
const never = new AbortController().signal;
const NAME = `${UPLOAD.bucket}/${UPLOAD.key}`;

async function rigWithParts() {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, FILE);
  rig.store.start(UPLOAD, PLANNED_METADATA);
  for (const [index, start] of [0, 15, 30].entries())
    await putPart(rig, index + 1, FILE.subarray(start, start + 15));
  return rig;
}

function putPart(rig: ReturnType<typeof stepRig>, partNumber: number, bytes: Buffer) {
  const part = { partNumber, sizeBytes: bytes.length, body: [bytes] as never };
  return rig.store.uploadPart(UPLOAD, part, never);
}

function run(
  rig: ReturnType<typeof stepRig>,
  ifExists: 'replace' | 'fail' = 'replace',
  changes: Partial<PlannedTransfer> = {},
) {
  const event = {
    execution_id: 'execution-1',
    upload_id: UPLOAD.uploadId,
    file: plannedFile(FILE.length, { if_exists: ifExists, ...changes }),
    chunk_size_bytes: 15,
    chunk_count: 3,
  };
  return completeUpload(event, rig, never);
}

test('the parts become one object, proved by size and checksum', async () => {
  const rig = await rigWithParts();

  await expect(run(rig)).resolves.toMatchObject({
    bucket: 'landing',
    key: 'acme/outbound/big.zip',
    size_bytes: 38,
    checksum_crc64nvme: crc64NvmeOf(FILE),
    parts: 3,
    version_id: null,
  });
  expect(rig.store.objects.get(NAME)?.bytes).toEqual(FILE);
  expect(rig.server.openSessions).toBe(0);
});

test('the last look at the source logs in with the version of the secret that the plan names', async () => {
  const rig = await rigWithParts();
  rig.server.secretVersionId = 'rotated meanwhile';

  await run(rig, 'replace', { secret_version_id: 'version-1' });

  expect(rig.server.usedSecretVersions).toEqual(['version-1']);
});

test('a source that changed is not completed', async () => {
  const rig = await rigWithParts();
  rig.server.add(SOURCE_PATH, FILE, 1_700_000_001);

  await expect(run(rig)).rejects.toThrow(SourceChangedError);
  expect(rig.store.objects.size).toBe(0);
});

test('a store that refuses the version id that it answered is asked without it', async () => {
  const rig = await rigWithParts();
  const complete = rig.store.completeMultipartUpload.bind(rig.store);
  const head = rig.store.headObject.bind(rig.store);
  rig.store.completeMultipartUpload = async (...args) => ({
    ...(await complete(...args)),
    versionId: 'null',
  });
  rig.store.headObject = async (target: { bucket: string; key: string; versionId?: string }) => {
    if (target.versionId !== undefined) throw Object.assign(new Error('Bad Request'), { name: '400' });
    return head(target);
  };

  await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38, version_id: null });
});

describe('a part that is written again after the parts were listed, with another ETag', () => {
  /** S3 refuses a list with an ETag that is not the part's present one. */
  function refusingOldEtags(rig: Awaited<ReturnType<typeof rigWithParts>>, rewrites: number) {
    const complete = rig.store.completeMultipartUpload.bind(rig.store);
    const asked: string[][] = [];
    rig.store.completeMultipartUpload = async (upload, request) => {
      asked.push(request.parts.map(({ etag }) => etag));
      const parts = rig.store.uploads.get(upload.uploadId)?.parts;
      const second = parts?.get(2);
      if (asked.length <= rewrites && second !== undefined)
        second.listed = { ...second.listed, etag: `written again ${asked.length}` };
      const present = [...(parts?.values() ?? [])].map(({ listed }) => listed.etag);
      if (asked.at(-1)?.join() !== present.join()) throw new IncompleteUploadError('InvalidPart');
      return complete(upload, request, never);
    };
    return asked;
  }

  test.each([1, 2])('%d times: it lands from a new list', async (rewrites) => {
    const rig = await rigWithParts();
    const asked = refusingOldEtags(rig, rewrites);

    await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38, checksum_crc64nvme: crc64NvmeOf(FILE) });
    expect(asked).toHaveLength(rewrites + 1);
    expect(asked.at(-1)?.[1]).toBe(`written again ${rewrites}`);
  });

  test('again and again: it ends', async () => {
    const rig = await rigWithParts();
    const asked = refusingOldEtags(rig, 100);

    await expect(run(rig)).rejects.toThrow(IncompleteUploadError);
    expect(asked).toHaveLength(3);
  });

  test('a refusal of the parts that are there is final', async () => {
    const rig = await rigWithParts();
    let asked = 0;
    rig.store.completeMultipartUpload = async () => {
      asked += 1;
      throw new IncompleteUploadError('EntityTooSmall');
    };

    await expect(run(rig)).rejects.toThrow('EntityTooSmall');
    expect(asked).toBe(1);
  });
});

test('a missing part is not completed', async () => {
  const rig = await rigWithParts();
  rig.store.uploads.get(UPLOAD.uploadId)?.parts.delete(2);

  await expect(run(rig)).rejects.toThrow('1 of 3 parts are wrong: part 2 is missing');
  expect(rig.store.objects.size).toBe(0);
});

test('a store that shows no checksums is completed by size, and the log says so', async () => {
  const rig = stepRig();
  rig.store.showsChecksums = false;
  rig.server.add(SOURCE_PATH, FILE);
  rig.store.start(UPLOAD, PLANNED_METADATA);
  for (const [index, start] of [0, 15, 30].entries())
    await putPart(rig, index + 1, FILE.subarray(start, start + 15));

  await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38, checksum_crc64nvme: null });
  expect(rig.telemetry.warnings()).toEqual([
    'the store lists parts without CRC64NVME: the object is proved by its size only',
  ]);
});

test.each([
  ['lost', new UploadFailedError('socket hang up')],
  ['given to the second try, which finds no upload', new UploadGoneError('NoSuchUpload')],
])('a completion whose answer was %s is recognised', async (_name, error) => {
  const rig = await rigWithParts();
  const complete = rig.store.completeMultipartUpload.bind(rig.store);
  rig.store.completeMultipartUpload = async (...args) => {
    await complete(...args);
    throw error;
  };

  await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38, checksum_crc64nvme: crc64NvmeOf(FILE) });
  await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38 });
});

test('a completion that failed for good stays a failure', async () => {
  const rig = await rigWithParts();
  rig.store.completeMultipartUpload = async () => {
    throw new UploadFailedError('500 InternalError');
  };

  await expect(run(rig)).rejects.toThrow(UploadFailedError);
});

test("another execution's object is not taken for ours", async () => {
  const rig = await rigWithParts();
  const head = { sizeBytes: 38, etag: 'e', metadata: { 'transfer-execution': 'execution-2' } };
  rig.store.objects.set(NAME, { bytes: FILE, head });
  rig.store.uploads.clear();

  await expect(run(rig)).rejects.toThrow(UploadGoneError);
});

test('if_exists=fail leaves an object that came in the meantime as it is', async () => {
  const rig = await rigWithParts();
  rig.store.objects.set(NAME, {
    bytes: Buffer.from('theirs'),
    head: { sizeBytes: 6, etag: 'e', metadata: {} },
  });

  await expect(run(rig, 'fail')).rejects.toThrow(TargetExistsError);
  expect(rig.store.objects.get(NAME)?.bytes.toString()).toBe('theirs');
});

test('a conflict on the key that left no object is not called an existing target', async () => {
  const rig = await rigWithParts();
  rig.store.completeMultipartUpload = async () => {
    throw new TargetExistsError('409 ConditionalRequestConflict');
  };

  await expect(run(rig, 'fail')).rejects.toThrow(UploadGoneError);
  await expect(run(rig, 'fail')).rejects.toThrow('there is no such object');
});

test('an object replaced by another writer right after its completion is still a success of ours', async () => {
  const rig = await rigWithParts();
  rig.store.headObject = async () => ({ sizeBytes: 1, etag: 'other', metadata: {} });

  await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38, checksum_crc64nvme: crc64NvmeOf(FILE) });
  expect(rig.telemetry.warnings()).toEqual([
    'another writer replaced the object right after it was completed',
  ]);
});

test('an object of the wrong checksum is not called complete', async () => {
  const rig = await rigWithParts();
  const complete = rig.store.completeMultipartUpload.bind(rig.store);
  rig.store.completeMultipartUpload = async (...args) => {
    const completed = await complete(...args);
    const stored = rig.store.objects.get(NAME);
    if (stored !== undefined) stored.head = { ...stored.head, checksumCrc64Nvme: 'AAAAAAAAAAA=' };
    return completed;
  };

  await expect(run(rig)).rejects.toThrow(IncompleteUploadError);
});

describe('checkParts', () => {
  const part = (partNumber: number, sizeBytes: number): UploadedPart => ({ partNumber, sizeBytes, etag: '' });
  const plan = { sizeBytes: 25, chunkSizeBytes: 10, chunkCount: 3 };

  test.each([
    ['all there', [part(1, 10), part(2, 10), part(3, 5)], ''],
    [
      'one short',
      [part(1, 10), part(2, 9), part(3, 5)],
      '1 of 3 parts are wrong: part 2 has 9 bytes, not 10',
    ],
    ['last too long', [part(1, 10), part(2, 10), part(3, 10)], 'part 3 has 10 bytes, not 5'],
    ['one too many', [part(1, 10), part(2, 10), part(3, 5), part(4, 1)], 'part 4 was not planned'],
    ['none', [], '3 of 3 parts are wrong: part 1 is missing, part 2 is missing, part 3 is missing'],
  ])('%s', (_name, parts, message) => {
    if (message === '') expect(() => checkParts(parts, plan)).not.toThrow();
    else expect(() => checkParts(parts, plan)).toThrow(message);
  });

  test('names ten wrong parts and counts the rest', () => {
    expect(() => checkParts([], { sizeBytes: 250, chunkSizeBytes: 10, chunkCount: 25 })).toThrow(
      /^25 of 25 parts are wrong: .*part 10 is missing, and 15 more$/,
    );
  });

  test('the one empty part of an empty file is right', () => {
    expect(() => checkParts([part(1, 0)], { sizeBytes: 0, chunkSizeBytes: 10, chunkCount: 1 })).not.toThrow();
  });
});

describe('the planned end is the end of the file', () => {
  test.each([
    ['a byte more', Buffer.concat([FILE, Buffer.from('+')])],
    ['as much again', Buffer.concat([FILE, FILE])],
  ])('%s than the server reports is a named error, and nothing lands', async (_case, bytes) => {
    const rig = await rigWithParts();
    rig.server.files.set(SOURCE_PATH, {
      bytes,
      modifiedAtSeconds: 1_700_000_000,
      reportedSizeBytes: FILE.length,
    });

    const outcome = run(rig);
    await expect(outcome).rejects.toThrow(SourceChangedError);
    await expect(outcome).rejects.toThrow(`${SOURCE_PATH} goes on after byte 38`);
    expect(rig.store.objects.size).toBe(0);
    expect(rig.server.openSessions).toBe(0);
  });

  test('a file that grew is told by its size, not by its end', async () => {
    const rig = await rigWithParts();
    rig.server.add(SOURCE_PATH, Buffer.concat([FILE, FILE]));

    await expect(run(rig)).rejects.toThrow('38 bytes of 2023-11-14T22:13:20.000Z then, 76 bytes');
  });

  test('one look is enough, at the planned end', async () => {
    const rig = await rigWithParts();
    const looks: number[] = [];
    rig.server.onLook = (_path, position) => looks.push(position);

    await run(rig);

    expect(looks).toEqual([FILE.length]);
    expect(rig.server.connects).toBe(1);
  });

  test('an end that cannot be read is no end', async () => {
    const rig = await rigWithParts();
    rig.server.onLook = () => {
      throw new SftpRequestFailedError('status 4 (FAILURE)');
    };

    await expect(run(rig)).rejects.toThrow(SftpRequestFailedError);
    expect(rig.store.objects.size).toBe(0);
  });
});

describe('an object is recognised by its plan, not by the name of the execution', () => {
  const SECOND_PLAN = { 'transfer-execution': 'execution-1', 'transfer-id': 'transfer-2' };

  test('an execution of a name that was used before lands its own file', async () => {
    const rig = await rigWithParts();
    await run(rig);
    const news = Buffer.from('another delivery of the very same len.');
    expect(news).toHaveLength(FILE.length);
    rig.server.add(SOURCE_PATH, news);
    rig.store.start(UPLOAD, SECOND_PLAN);
    for (const [index, start] of [0, 15, 30].entries())
      await putPart(rig, index + 1, news.subarray(start, start + 15));

    await expect(run(rig, 'replace', { object_metadata: SECOND_PLAN })).resolves.toMatchObject({
      checksum_crc64nvme: crc64NvmeOf(news),
    });
    expect(rig.store.objects.get(NAME)?.bytes).toEqual(news);
    expect(rig.store.uploads.size).toBe(0);
  });

  test('an object that looks like ours does not hide that the upload is still there', async () => {
    const rig = await rigWithParts();
    const head = { sizeBytes: 3, etag: 'e', metadata: PLANNED_METADATA };
    rig.store.objects.set(NAME, { bytes: Buffer.from('old'), head });

    await expect(run(rig)).resolves.toMatchObject({ size_bytes: 38 });
    expect(rig.store.uploads.size).toBe(0);
  });

  test('an object of ours with another size is not a success', async () => {
    const rig = await rigWithParts();
    await run(rig);
    const landed = rig.store.objects.get(NAME);
    if (landed === undefined) throw new Error('nothing landed');
    rig.store.objects.set(NAME, { ...landed, head: { ...landed.head, sizeBytes: 3 } });

    await expect(run(rig)).rejects.toThrow('the object has 3 bytes, the source 38');
  });
});
