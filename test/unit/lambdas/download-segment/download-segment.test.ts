import { randomBytes } from 'node:crypto';
import { MAX_PART_ATTEMPTS } from '../../../../lambdas/download-segment/segment-worker.ts';
import {
  LOGIN_INTERVAL_MS,
  LOGINS_AT_ONCE,
  MAX_FRUITLESS_RECONNECTS,
} from '../../../../lambdas/shared/session-keeper.ts';
import {
  SftpAuthenticationError,
  SftpConnectionError,
  SftpStalledError,
  SourceChangedError,
  UploadFailedError,
  UploadGoneError,
} from '../../../../transfer/errors.ts';
import {
  CHUNK_BYTES,
  chunk,
  expectWhole,
  FILE,
  landed,
  noEnd,
  partsOf,
  type Rig,
  rigWithFile,
  run,
} from '../../../support/segment-rig.ts';
import { SOURCE_PATH } from '../../../support/step-rig.ts';

const LAST_PART = Math.ceil(FILE.length / CHUNK_BYTES);

test('a segment becomes the parts of its chunks, over one session', async () => {
  const rig = rigWithFile();

  const progress = await run(rig);

  expect(progress).toMatchObject({
    segment_number: 1,
    next_chunk: null,
    last_chunk: 6,
    logins: 1,
    skipped: [],
  });
  expect(progress.copied.map(([number]) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expectWhole(rig);
  expect(rig.server).toMatchObject({ connects: 1, openSessions: 0 });
  const bytes = rig.telemetry.metrics.filter(({ name }) => name === 'BytesTransferred');
  expect(bytes.map(({ value }) => value)).toEqual([5_000, 5_000, 5_000, 5_000, 5_000, 500]);
});

test('only the chunks of the segment are read', async () => {
  const rig = rigWithFile();

  await expect(run(rig, { next_chunk: 2, last_chunk: 3 })).resolves.toMatchObject({ next_chunk: null });

  expect(landed(rig)).toEqual([2, 3]);
  expect(partsOf(rig).get(2)?.bytes.equals(chunk(2))).toBe(true);
});

test('an empty file becomes one empty part', async () => {
  const rig = rigWithFile();
  rig.server.add(SOURCE_PATH, Buffer.alloc(0));

  await run(rig, { last_chunk: 1 }, noEnd, { size_bytes: 0 });

  expect(partsOf(rig).get(1)?.bytes).toHaveLength(0);
});

describe('S3', () => {
  test('is not waited for: the next chunks are read while it has not confirmed the first', async () => {
    const rig = rigWithFile();
    const upload = rig.store.uploadPart.bind(rig.store);
    const { promise: confirmed, resolve: confirm } = Promise.withResolvers<void>();
    rig.store.uploadPart = async (...args) => {
      await upload(...args);
      if (args[1].partNumber === 1) await confirmed;
    };

    const running = run(rig);
    while (landed(rig).length < 6) await new Promise(setImmediate);
    confirm();

    await expect(running).resolves.toMatchObject({ next_chunk: null });
  });

  test('has every part before the server has confirmed the end of the session, which is waited for', async () => {
    const rig = rigWithFile();
    const { promise: confirmed, resolve: confirm } = Promise.withResolvers<void>();
    rig.server.onEnd = () => confirmed;

    const running = run(rig);
    while (landed(rig).length < 6) await new Promise(setImmediate);
    expect(rig.server.openSessions).toBe(1);
    confirm();

    await expect(running).resolves.toMatchObject({ next_chunk: null });
    expect(rig.server.openSessions).toBe(0);
  });

  test('is asked which parts it has: those are passed over', async () => {
    const rig = rigWithFile();
    await run(rig, { next_chunk: 2, last_chunk: 3 });
    await run(rig, { next_chunk: 5, last_chunk: 5 });
    const positions: number[] = [];
    rig.server.onPiece = (position) => positions.push(position);

    const progress = await run(rig);

    expect(progress).toMatchObject({
      next_chunk: null,
      skipped: [
        [2, 3],
        [5, 5],
      ],
    });
    expect(progress.copied.map(([number]) => number)).toEqual([1, 4, 6]);
    expect(positions.filter((position) => position % CHUNK_BYTES === 0)).toEqual([0, 15_000, 25_000]);
    expectWhole(rig);
  });

  test.each([
    ['of another size', (rig: Rig) => ({ ...partsOf(rig).get(2)?.listed, sizeBytes: 4_999 })],
    ['without a checksum', (rig: Rig) => ({ ...partsOf(rig).get(2)?.listed, checksumCrc64Nvme: undefined })],
  ])('a part %s is read again', async (_case, listedOf) => {
    const rig = rigWithFile();
    await run(rig, { next_chunk: 2, last_chunk: 3 });
    const part = partsOf(rig).get(2);
    if (part !== undefined) part.listed = listedOf(rig) as never;

    await expect(run(rig)).resolves.toMatchObject({ skipped: [[3, 3]] });

    expectWhole(rig);
  });

  test.each([
    ['in the middle of its body', 1, MAX_PART_ATTEMPTS - 1],
    ['in its answer', Number.POSITIVE_INFINITY, 1],
  ])(
    'fails a part %s: that part alone is read again, over the same session',
    async (_case, pieces, times) => {
      const rig = rigWithFile();
      const upload = rig.store.uploadPart.bind(rig.store);
      let failures = 0;
      rig.store.uploadPart = async (...args) => {
        const [, part] = args;
        if (part.partNumber !== 2 || failures === times) return upload(...args);
        failures += 1;
        let taken = 0;
        for await (const _piece of part.body) if (++taken === pieces) break;
        throw new UploadFailedError('S3 answers 503 SlowDown');
      };
      const positions: number[] = [];
      rig.server.onPiece = (position) => positions.push(position);

      await expect(run(rig)).resolves.toMatchObject({ next_chunk: null, logins: 1 });

      expectWhole(rig);
      const starts = positions.filter((position) => position % CHUNK_BYTES === 0);
      expect(starts.filter((start) => start !== 5_000)).toEqual([0, 10_000, 15_000, 20_000, 25_000]);
      expect(starts.filter((start) => start === 5_000)).toHaveLength(times + 1);
    },
  );

  test('fails one part again and again: then the workflow tries later, and the other parts stay', async () => {
    const rig = rigWithFile();
    const upload = rig.store.uploadPart.bind(rig.store);
    rig.store.uploadPart = async (...args) => {
      if (args[1].partNumber === 2) throw new UploadFailedError('S3 answers 500');
      return upload(...args);
    };

    await expect(run(rig)).rejects.toThrow(UploadFailedError);

    expect(landed(rig)).toEqual(expect.arrayContaining([1, 3, 4]));
    expect(rig.server.openSessions).toBe(0);
  });

  test('fails the last part again and again in its answer, when the session is gone: no login more than for a broken line', async () => {
    const rig = rigWithFile();
    const upload = rig.store.uploadPart.bind(rig.store);
    let tries = 0;
    rig.store.uploadPart = async (...args) => {
      const [, part] = args;
      if (part.partNumber !== LAST_PART) return upload(...args);
      tries += 1;
      for await (const _piece of part.body);
      while (rig.server.openSessions > 0) await new Promise(setImmediate);
      throw new UploadFailedError('S3 answers 500');
    };

    await expect(run(rig)).rejects.toThrow(UploadFailedError);

    expect(tries).toBe(LOGINS_AT_ONCE);
    expect(rig.server.connects).toBe(LOGINS_AT_ONCE);
  });

  test('has lost the upload: nothing is tried again', async () => {
    const rig = rigWithFile();
    rig.store.uploads.clear();

    await expect(run(rig)).rejects.toThrow(UploadGoneError);
    expect(rig.server.openSessions).toBe(0);
  });
});

describe('a connection', () => {
  test.each([
    ['lost', new SftpConnectionError('reset')],
    ['stalled', new SftpStalledError('silence')],
  ])('%s in mid-chunk is made again, and reading goes on from the byte reached', async (_name, fault) => {
    const rig = rigWithFile();
    const positions: number[] = [];
    let broken = false;
    rig.server.onPiece = (position) => {
      positions.push(position);
      if (!broken && position === 8_000) {
        broken = true;
        throw fault;
      }
    };

    await expect(run(rig)).resolves.toMatchObject({ next_chunk: null, logins: 2 });

    expectWhole(rig);
    expect(positions.slice(5, 10)).toEqual([5_000, 6_000, 7_000, 8_000, 8_000]);
    expect(rig.server).toMatchObject({ connects: 2, openSessions: 0 });
    expect(rig.telemetry.metrics).toContainEqual({ name: 'Retries', value: 1 });
  });

  test('that gains nothing is made again a bounded number of times', async () => {
    const rig = rigWithFile();
    rig.server.onPiece = (position) => {
      if (position === 8_000) throw new SftpConnectionError('reset');
    };

    // What has landed is returned: the next worker's loss is another one.
    await expect(run(rig)).resolves.toMatchObject({ next_chunk: 2, workers_left: 5 });

    expect(rig.server.connects).toBe(1 + MAX_FRUITLESS_RECONNECTS);
    expect(rig.server.openSessions).toBe(0);
    expect(landed(rig)).toEqual([1]);
  });

  test.each([
    ['where nothing has landed', { next_chunk: 2 }],
    ['where no further worker may be started', { workers_left: 1 }],
  ])('that gains nothing is the error, %s', async (_, segment) => {
    const rig = rigWithFile();
    rig.server.onPiece = (position) => {
      if (position === 8_000) throw new SftpConnectionError('reset');
    };

    await expect(run(rig, segment)).rejects.toThrow(SftpConnectionError);
  });

  test('is made three times at once and then once in 30 seconds, however much each one brings', async () => {
    const rig = rigWithFile();
    const startedMs = rig.clock.nowMs();
    const loginsAtMs: number[] = [];
    rig.server.onConnect = () => loginsAtMs.push(rig.clock.nowMs() - startedMs);
    const seen = new Set<number>();
    rig.server.onPiece = (position) => {
      if (position % 4_000 !== 3_000 || seen.has(position)) return;
      seen.add(position);
      throw new SftpConnectionError('reset');
    };

    await expect(run(rig)).resolves.toMatchObject({ next_chunk: null });

    expectWhole(rig);
    expect(loginsAtMs.length).toBeGreaterThan(5);
    for (const [index, atMs] of loginsAtMs.entries()) {
      expect(index + 1).toBeLessThanOrEqual(LOGINS_AT_ONCE + atMs / LOGIN_INTERVAL_MS);
    }
  });

  test('that cannot be made at first is left to the workflow', async () => {
    const rig = rigWithFile();
    rig.server.onConnect = () => {
      throw new SftpConnectionError('refused');
    };

    await expect(run(rig)).rejects.toThrow(SftpConnectionError);
    expect(rig.server.connects).toBe(1);
  });

  test('whose login is refused is not tried again, not even in mid-chunk', async () => {
    const rig = rigWithFile();
    rig.server.onPiece = (position) => {
      if (position === 8_000) throw new SftpConnectionError('reset');
    };
    rig.server.onConnect = (connectNumber) => {
      if (connectNumber === 2) throw new SftpAuthenticationError('refused');
    };

    await expect(run(rig)).rejects.toThrow(SftpAuthenticationError);
    expect(rig.server.connects).toBe(2);
  });

  test('logs in with the version of the secret that the plan names, every time', async () => {
    const rig = rigWithFile();
    rig.server.secretVersionId = 'rotated meanwhile';
    let broken = false;
    rig.server.onPiece = (position) => {
      if (broken || position !== 8_000) return;
      broken = true;
      throw new SftpConnectionError('reset');
    };

    await run(rig, {}, noEnd, { secret_version_id: 'version-1' });

    expect(rig.server.usedSecretVersions).toEqual(['version-1', 'version-1']);
  });
});

describe('a source', () => {
  test.each([
    ['grew', Buffer.concat([FILE, Buffer.alloc(1)]), 1_700_000_000],
    ['was replaced by one of the same size', randomBytes(FILE.length), 1_700_000_001],
  ])('that %s since the plan is refused at the open', async (_name, bytes, modifiedAtSeconds) => {
    const rig = rigWithFile();
    rig.server.add(SOURCE_PATH, bytes, modifiedAtSeconds);

    await expect(run(rig)).rejects.toThrow(SourceChangedError);
    expect(landed(rig)).toEqual([]);
  });

  test.each([
    ['replaced by one of the same size', randomBytes(FILE.length), 1_700_000_500],
    ['longer', Buffer.concat([FILE, Buffer.alloc(9)]), 1_700_000_000],
  ])(
    'that is %s in the middle is noticed at the next chunk, though the open file gives its bytes',
    async (...to) => {
      const [, bytes, modifiedAtSeconds] = to;
      const rig = rigWithFile();
      rig.server.onPiece = (position) => {
        if (position === 8_000) rig.server.add(SOURCE_PATH, bytes, modifiedAtSeconds);
      };

      await expect(run(rig)).rejects.toThrow(SourceChangedError);
      expect(landed(rig)).toEqual([1, 2]);
    },
  );

  test('replaced while the connection was lost is noticed when it is made again', async () => {
    const rig = rigWithFile();
    rig.server.onPiece = (position) => {
      if (position !== 8_000) return;
      rig.server.add(SOURCE_PATH, randomBytes(FILE.length), 1_700_000_500);
      throw new SftpConnectionError('reset');
    };

    await expect(run(rig)).rejects.toThrow(SourceChangedError);
    expect(landed(rig)).toEqual([1]);
    expect(rig.server.openSessions).toBe(0);
  });

  test('truncated while it is read is refused, and no part is made of it', async () => {
    const rig = rigWithFile();
    rig.server.onPiece = (position) => {
      if (position === 10_000) rig.server.add(SOURCE_PATH, FILE.subarray(0, 10_500));
    };

    await expect(run(rig)).rejects.toThrow(SourceChangedError);
    expect(landed(rig)).toEqual([1, 2]);
  });
});
