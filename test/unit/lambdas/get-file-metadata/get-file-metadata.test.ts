import { getFileMetadata } from '../../../../lambdas/get-file-metadata/get-file-metadata.ts';
import { parseContract, transferRequestSchema } from '../../../../transfer/contracts.ts';
import {
  InvalidTransferRequestError,
  SftpAuthenticationError,
  SftpConnectionError,
  SftpRequestRefusedError,
  SourceChangedError,
  SourceNotAFileError,
  SourceNotFoundError,
  TargetExistsError,
} from '../../../../transfer/errors.ts';
import { SOURCE_PATH, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const DEFAULTS = {
  landingBucket: 'landing',
  allowedBuckets: ['archive'],
  keyPrefix: 'acme',
  chunkSizeBytes: 52_428_800,
  maxConcurrency: 8,
};
const signal = new AbortController().signal;

function run(rig: ReturnType<typeof stepRig>, request: Record<string, unknown>) {
  const event = { execution_id: 'execution-1', request: parseContract(transferRequestSchema, request) };
  return getFileMetadata(event, rig, DEFAULTS, signal);
}

test('fills every default from the configuration and the server', async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(1_234));

  await expect(run(rig, { sftp_file_path: SOURCE_PATH })).resolves.toEqual({
    path: '/outbound/big.zip',
    size_bytes: 1_234,
    modified_at: '2023-11-14T22:13:20.000Z',
    max_read_bytes: 32_768,
    bucket: 'landing',
    key: 'acme/outbound/big.zip',
    chunk_size_bytes: 52_428_800,
    max_concurrency: 8,
    if_exists: 'replace',
    keep_parts_days: 0,
    object_metadata: {
      'source-url': 'sftp://memory.test:22/outbound/big.zip',
      'source-size-bytes': '1234',
      'source-modified-at': '2023-11-14T22:13:20.000Z',
      'transfer-execution': 'execution-1',
      'transfer-id': 'transfer-1',
    },
  });
  expect(rig.server.openSessions).toBe(0);
});

test("the request's own settings win", async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(1));
  const request = {
    sftp_file_path: SOURCE_PATH,
    target_s3_bucket: 'archive',
    target_s3_key: 'elsewhere.zip',
    chunk_size_bytes: 5_242_880,
    max_concurrency: 40,
    if_exists: 'fail',
  };

  await expect(run(rig, request)).resolves.toMatchObject({
    bucket: 'archive',
    key: 'elsewhere.zip',
    chunk_size_bytes: 5_242_880,
    max_concurrency: 40,
    if_exists: 'fail',
  });
});

test('object metadata is ASCII even where the path is not', async () => {
  const rig = stepRig();
  rig.server.add('/out/Übersicht 1.zip', Buffer.alloc(1));

  const file = await run(rig, { sftp_file_path: '/out/Übersicht 1.zip' });

  expect(file.object_metadata['source-url']).toBe('sftp://memory.test:22/out/%C3%9Cbersicht%201.zip');
  expect(file.key).toBe('acme/out/Übersicht 1.zip');
});

test('a path too long for object metadata is replaced by its hash', async () => {
  const rig = stepRig();
  const path = `/${'x'.repeat(1_100)}`;
  rig.server.add(path, Buffer.alloc(1));

  const file = await run(rig, { sftp_file_path: path, target_s3_key: 'short' });

  expect(file.object_metadata['source-path-sha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(file.object_metadata).length).toBeLessThan(2_048);
});

test.each([
  ['no path', {}, 'sftp_file_path'],
  ['an empty path', { sftp_file_path: '' }, 'sftp_file_path is "", but it must name a file'],
  ['NUL in the path', { sftp_file_path: '/a\0b' }, 'must not contain a NUL character'],
  ['4,097 bytes of path', { sftp_file_path: `/${'x'.repeat(4_096)}` }, 'at most 4096 bytes, not 4097'],
  ['a lone surrogate', { sftp_file_path: '/\ud800' }, 'well-formed Unicode'],
  ['a chunk of 5 MiB less one byte', { chunk_size_bytes: 5_242_879 }, 'at least 5242880 bytes'],
  ['a chunk of 5 GiB and one byte', { chunk_size_bytes: 5_368_709_121 }, 'at most 5368709120 bytes'],
  ['a fraction', { chunk_size_bytes: 5_242_880.5 }, 'chunk_size_bytes is 5242880.5'],
  ['a number as text', { chunk_size_bytes: '52428800' }, 'chunk_size_bytes is "52428800"'],
  [
    'no concurrency',
    { max_concurrency: 0 },
    'max_concurrency is 0, but it must be at least 1 chunks at a time',
  ],
  ['41 at a time', { max_concurrency: 41 }, 'at most 40 chunks at a time'],
  ['another if_exists', { if_exists: 'skip' }, 'if_exists is "skip", but it must be "replace" or "fail"'],
  ['a key of 1,025 bytes', { target_s3_key: `${'ä'.repeat(512)}x` }, 'at most 1024 bytes, not 1025'],
  ['a bucket in upper case', { target_s3_bucket: 'Landing' }, 'target_s3_bucket is "Landing"'],
  ['an unknown setting', { chunk_size: 5 }, 'chunk_size'],
])('%s is refused, by name, value and bound', (_name, request, message) => {
  const parse = () => parseContract(transferRequestSchema, { sftp_file_path: '/a', ...request });

  if (Object.keys(request).length === 0) {
    expect(() => parseContract(transferRequestSchema, {})).toThrow(message);
    return;
  }
  expect(parse).toThrow(InvalidTransferRequestError);
  expect(parse).toThrow(message);
});

test('a bucket that the configuration does not list is refused before anything is connected', async () => {
  const rig = stepRig();

  await expect(run(rig, { sftp_file_path: '/a', target_s3_bucket: 'elsewhere' })).rejects.toThrow(
    'target_s3_bucket is "elsewhere", but it must be one of the configured buckets: landing, archive',
  );
  expect(rig.server.connects).toBe(0);
});

test('a default key that is too long for S3 is refused before anything is connected', async () => {
  const rig = stepRig();

  await expect(run(rig, { sftp_file_path: `/${'x'.repeat(1_020)}` })).rejects.toThrow(
    'S3 keys have at most 1024 bytes, not 1025',
  );
  expect(rig.server.connects).toBe(0);
});

test('a missing file and a directory are named errors, and the session is ended', async () => {
  const rig = stepRig();
  rig.server.files.set('/outbound', { bytes: Buffer.alloc(0), modifiedAtSeconds: 0, kind: 'directory' });

  await expect(run(rig, { sftp_file_path: '/nothing' })).rejects.toThrow(SourceNotFoundError);
  await expect(run(rig, { sftp_file_path: '/outbound' })).rejects.toThrow(SourceNotAFileError);
  expect(rig.server.openSessions).toBe(0);
});

test('if_exists=fail fails before a byte is moved', async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(1));
  const head = { sizeBytes: 1, etag: 'e', metadata: {} };
  rig.store.objects.set(`${UPLOAD.bucket}/${UPLOAD.key}`, { bytes: Buffer.alloc(1), head });

  await expect(run(rig, { sftp_file_path: SOURCE_PATH, if_exists: 'fail' })).rejects.toThrow(
    TargetExistsError,
  );
  expect(rig.server.connects).toBe(0);
});

describe('a refused login', () => {
  const refused = new SftpAuthenticationError('the server refused the login');
  function rigWithVersions(previous: string | undefined) {
    const rig = stepRig();
    rig.server.add(SOURCE_PATH, Buffer.alloc(1));
    rig.server.secretVersionId = 'version-2';
    rig.server.previousSecretVersionId = previous;
    return rig;
  }
  const metadata = (rig: ReturnType<typeof stepRig>) => run(rig, { sftp_file_path: SOURCE_PATH });

  test('without it, the version that logged in is named for the later steps', async () => {
    const rig = rigWithVersions('version-1');
    const planned = await metadata(rig);
    expect(planned).toMatchObject({ secret_version_id: 'version-2' });
    expect(planned).not.toHaveProperty('previous_secret');
    expect(rig.server.usedSecretVersions).toEqual(['version-2']);
  });

  test('the version before the last rotation is tried, once, and named', async () => {
    const rig = rigWithVersions('version-1');
    rig.server.onConnect = (connectNumber) => {
      if (connectNumber === 1) throw refused;
    };
    await expect(metadata(rig)).resolves.toMatchObject({
      secret_version_id: 'version-1',
      previous_secret: true,
    });
    expect(rig.telemetry.metrics).toContainEqual({ name: 'PreviousSecretUsed', value: 1 });
    expect(rig.server.usedSecretVersions).toEqual(['version-2', 'version-1']);
    expect(rig.telemetry.warnings()).toEqual([
      'the server refused the present version of the secret and took the one before the last rotation',
    ]);
    expect(rig.server.openSessions).toBe(0);
  });

  test('is final where nothing was rotated', async () => {
    const rig = rigWithVersions(undefined);
    rig.server.onConnect = () => {
      throw refused;
    };
    await expect(metadata(rig)).rejects.toBe(refused);
    expect(rig.server.usedSecretVersions).toEqual(['version-2']);
  });

  test.each([
    ['refused too', new SftpAuthenticationError('refused')],
    ['lost, which the workflow would try again from the start', new SftpConnectionError('reset')],
  ])('is final when the second one is %s', async (_name, second) => {
    const rig = rigWithVersions('version-1');
    rig.server.onConnect = (connectNumber) => {
      throw connectNumber === 1 ? refused : second;
    };
    await expect(metadata(rig)).rejects.toBe(refused);
    expect(rig.server.connects).toBe(2);
  });

  test('a lost connection is not a refused login', async () => {
    const rig = rigWithVersions('version-1');
    rig.server.onConnect = () => {
      throw new SftpConnectionError('reset');
    };
    await expect(metadata(rig)).rejects.toThrow(SftpConnectionError);
    expect(rig.server.connects).toBe(1);
  });
});

describe('what the server says of the file is help, reading is proof', () => {
  test.each([
    ['empty', 0],
    ['of 12 MiB', 12 * 1024 ** 2],
  ])('a file that is reported as empty and is %s', async (_case, lengthBytes) => {
    const rig = stepRig();
    rig.server.files.set(SOURCE_PATH, {
      bytes: Buffer.alloc(lengthBytes),
      modifiedAtSeconds: 1,
      reportedSizeBytes: 0,
    });

    const planned = run(rig, { sftp_file_path: SOURCE_PATH });
    if (lengthBytes === 0) await expect(planned).resolves.toMatchObject({ size_bytes: 0 });
    else await expect(planned).rejects.toThrow(SourceChangedError);
    expect(rig.server.openSessions).toBe(0);
  });

  test('a file with bytes costs no look here: its end is proved when it is complete', async () => {
    const rig = stepRig();
    rig.server.add(SOURCE_PATH, Buffer.alloc(5));
    rig.server.onLook = () => {
      throw new Error('looked');
    };
    await run(rig, { sftp_file_path: SOURCE_PATH });
  });

  test('what the server gives no kind is a file if it opens and reads', async () => {
    const rig = stepRig();
    rig.server.files.set(SOURCE_PATH, { bytes: Buffer.alloc(5), modifiedAtSeconds: 1, kind: 'unknown' });
    await expect(run(rig, { sftp_file_path: SOURCE_PATH })).resolves.toMatchObject({ size_bytes: 5 });

    rig.server.onLook = () => {
      throw new SftpRequestRefusedError('a folder cannot be read');
    };
    await expect(run(rig, { sftp_file_path: SOURCE_PATH })).rejects.toThrow(SftpRequestRefusedError);
  });

  test('where the resolved path leads nowhere, the path as it was given is used', async () => {
    const rig = stepRig();
    rig.server.add(SOURCE_PATH, Buffer.alloc(5));
    rig.server.resolve = (path) => `${path}.elsewhere`;
    await expect(run(rig, { sftp_file_path: SOURCE_PATH })).resolves.toMatchObject({ path: SOURCE_PATH });
    await expect(run(rig, { sftp_file_path: '/nowhere' })).rejects.toThrow('/nowhere.elsewhere');
  });
});

test('a default key that depends on the server is checked for if_exists after it was resolved', async () => {
  const rig = stepRig();
  rig.server.add('/home/acme/f', Buffer.alloc(1));
  rig.server.resolve = () => '/home/acme/f';
  const head = { sizeBytes: 1, etag: 'e', metadata: {} };
  rig.store.objects.set('landing/acme/home/acme/f', { bytes: Buffer.alloc(1), head });

  await expect(run(rig, { sftp_file_path: 'f', if_exists: 'fail' })).rejects.toThrow(TargetExistsError);
  expect(rig.server.openSessions).toBe(0);
  await expect(run(rig, { sftp_file_path: 'f' })).resolves.toMatchObject({ key: 'acme/home/acme/f' });
});

test('the name of an execution may have any letters, the metadata are ASCII', async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(1));
  const event = {
    execution_id: 'arn:aws:states:x:execution:täglich 🚚',
    request: { sftp_file_path: SOURCE_PATH },
  };

  const { object_metadata } = await getFileMetadata(event, rig, DEFAULTS, signal);

  expect(object_metadata['transfer-execution']).toBe(
    'arn:aws:states:x:execution:t%C3%A4glich%20%F0%9F%9A%9A',
  );
});

test('every plan has an id of its own, whatever the execution is called', async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(1));
  const ids = [
    await run(rig, { sftp_file_path: SOURCE_PATH }),
    await run(rig, { sftp_file_path: SOURCE_PATH }),
  ];
  expect(new Set(ids.map(({ object_metadata }) => object_metadata['transfer-id'])).size).toBe(2);
});

test('a server that resolves every path to its root is asked by the path as it was given', async () => {
  const rig = stepRig();
  rig.server.add(SOURCE_PATH, Buffer.alloc(5));
  rig.server.files.set('/', { bytes: Buffer.alloc(0), modifiedAtSeconds: 1, kind: 'directory' });
  rig.server.resolve = () => '/';
  await expect(run(rig, { sftp_file_path: SOURCE_PATH })).resolves.toMatchObject({ path: SOURCE_PATH });
  await expect(run(rig, { sftp_file_path: '/nowhere' })).rejects.toThrow('/ is a directory');
});
