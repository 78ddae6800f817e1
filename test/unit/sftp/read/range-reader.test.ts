import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { ReadStats } from '../../../../sftp/ports.ts';
import { createRangeReadStream, type RangeReadOptions } from '../../../../sftp/read/range-reader.ts';
import { type FakeServerBehaviour, FakeSftpClient } from '../../../support/sftp/fake-sftp-channels.ts';

const MIB = 1024 ** 2;
const FILE_BYTES = 5 * MIB + 3;
const file = createHash('shake256', { outputLength: FILE_BYTES }).update('range reader').digest();
const never = new AbortController().signal;

interface Read {
  client: FakeSftpClient;
  stream: Readable;
  stats: () => ReadStats;
}

function read(
  behaviour: Partial<FakeServerBehaviour> = {},
  options: Partial<RangeReadOptions> & { startByte?: number; endByte?: number; signal?: AbortSignal } = {},
): Read {
  const { startByte = 0, endByte = FILE_BYTES, signal = never, ...readOptions } = options;
  const client = new FakeSftpClient({ file, ...behaviour });
  let settled: ReadStats | undefined;
  const stream = createRangeReadStream(
    client.connection,
    { path: '/big', startByte, endByte },
    {
      maxReadBytes: 261_120,
      onSettled: (stats) => {
        if (settled !== undefined) throw new Error('settled twice');
        settled = stats;
      },
      ...readOptions,
    },
    signal,
  );
  const stats = () => {
    if (settled === undefined) throw new Error('not settled');
    return settled;
  };
  return { client, stream, stats };
}

/** Nothing that the read took is left: files, channels of its own, listeners. */
async function expectNothingLeft(client: FakeSftpClient): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
  expect(client.openHandles).toBe(0);
  expect(client.channels.map((channel) => channel.isClosed)).toEqual(
    client.channels.map((channel) => channel.number !== 1),
  );
  expect(client.listenerCount('error') + client.listenerCount('close')).toBe(0);
  const [lent] = client.channels;
  expect(lent?.eventNames()).toEqual([]);
}

async function failure(stream: Readable): Promise<unknown> {
  const failed = once(stream, 'close').catch((error: unknown) => error);
  stream.resume();
  return failed;
}

describe('bytes', () => {
  test.each([
    ['the whole file', {}, 0, FILE_BYTES],
    ['nothing', {}, 700, 700],
    ['one byte', {}, 700, 701],
    ['the last byte', {}, FILE_BYTES - 1, FILE_BYTES],
    ['one read', {}, 0, 261_120],
    ['one byte more than a read', {}, 0, 261_121],
    ['odd borders', {}, 99_991, 4_194_301],
    ['a server that answers 8 KiB at a time', { maxReadBytes: 8_192 }, 1, FILE_BYTES],
    ['a server that answers 32 KiB at a time', { maxReadBytes: 32_768 }, 1, FILE_BYTES],
    ['a server that answers 20,000 bytes at a time', { maxReadBytes: 20_000 }, 0, FILE_BYTES],
    ['answers in reverse order', { order: <T>(pending: T[]) => pending.reverse() }, 0, FILE_BYTES],
    ['one channel only', { maxChannels: 1 }, 0, FILE_BYTES],
    ['two channels at most', { maxChannels: 2 }, 0, FILE_BYTES],
  ])('of %s', async (_case, behaviour, startByte, endByte) => {
    const { client, stream, stats } = read(behaviour, { startByte, endByte });
    const bytes = await buffer(stream);
    expect(bytes.equals(file.subarray(startByte, endByte))).toBe(true);
    await expectNothingLeft(client);
    expect(stats().bytes).toBe(endByte - startByte);
  });

  test.each([1, 3, 4_096, 32_768])('in reads of at most %d bytes', async (maxReadBytes) => {
    const endByte = Math.min(FILE_BYTES, maxReadBytes * 50 + 1);
    const { stream, stats } = read({}, { maxReadBytes, endByte });
    expect((await buffer(stream)).equals(file.subarray(0, endByte))).toBe(true);
    expect(stats().pieceBytes).toBe(maxReadBytes);
  });

  test('reads shorter from a server that keeps answering short', async () => {
    const { stream, stats } = read({ maxReadBytes: 8_192 });
    await buffer(stream);
    expect(stats().pieceBytes).toBe(8_192);
  });

  test('does not shrink its reads to nothing for a server that answers byte by byte', async () => {
    const { stream, stats } = read({ maxReadBytes: 1 }, { endByte: 10_000 });
    expect((await buffer(stream)).equals(file.subarray(0, 10_000))).toBe(true);
    expect(stats().pieceBytes).toBe(4_096);
  });
});

describe('the budget', () => {
  test.each([
    ['less than one read', 10_000, 10_000],
    ['64 KiB', 65_536, 32_768],
    ['300 KB', 300_000, 32_768],
    ['one read', 261_120, 32_768],
    ['one byte less than two reads', 522_239, 261_120],
    ['1 MiB', MIB, MIB - 261_120],
    ['32 MiB', 32 * MIB, 2 * MIB - 261_120],
  ])(
    'of %s is used, and never exceeded, however slow the consumer',
    async (_case, maxBytesInFlight, leastUsed) => {
      let askedBytes = 0;
      let takenBytes = 0;
      let mostBytes = 0;
      const onRead = (_channel: number, lengthBytes: number): void => {
        askedBytes += lengthBytes;
        mostBytes = Math.max(mostBytes, askedBytes - takenBytes);
      };
      const { stream, stats } = read({ onRead }, { maxBytesInFlight });
      stream.on('data', (piece: Buffer) => {
        takenBytes += piece.length;
        stream.pause();
        setImmediate(() => stream.resume());
      });
      await once(stream, 'close');
      expect(takenBytes).toBe(FILE_BYTES);
      expect(mostBytes).toBeLessThanOrEqual(maxBytesInFlight);
      expect(mostBytes).toBeGreaterThanOrEqual(leastUsed);
      expect(stats().peakBytesInFlight).toBe(mostBytes);
    },
  );

  test('is not spent while nobody reads', async () => {
    let askedBytes = 0;
    const onRead = (_channel: number, lengthBytes: number): void => {
      askedBytes += lengthBytes;
    };
    const { stream } = read({ onRead }, { maxBytesInFlight: MIB });
    await sleep(50);
    expect(askedBytes).toBeLessThanOrEqual(MIB);
    stream.destroy();
  });
});

describe('channels', () => {
  /** Leaves time to open a channel while the file is read. */
  const IN_SEVERAL_ROUNDS = { answerDelayMs: 40 };
  /** Each carries 1.5 MiB in a round trip. */
  const BUDGET_OF_TWO_CHANNELS = { maxBytesInFlight: 2 * MIB };

  test('grow with the bytes in flight where each has only its own window', async () => {
    const { client, stream, stats } = read(IN_SEVERAL_ROUNDS, BUDGET_OF_TWO_CHANNELS);
    await buffer(stream);
    expect(stats().windowWidened).toBe(false);
    expect(stats().channels).toBe(2);
    await expectNothingLeft(client);
  });

  test('stay within maxChannels', async () => {
    const { client, stream } = read(IN_SEVERAL_ROUNDS, { ...BUDGET_OF_TWO_CHANNELS, maxChannels: 1 });
    await buffer(stream);
    expect(client.channels).toHaveLength(1);
  });

  test('a refused one is no error, and is not asked for again', async () => {
    const { client, stream, stats } = read({ ...IN_SEVERAL_ROUNDS, maxChannels: 1 }, BUDGET_OF_TWO_CHANNELS);
    await buffer(stream);
    expect(stats()).toMatchObject({ channels: 1, refusedChannels: 1 });
    expect(client.refusedChannels).toBe(1);
  });

  test('one on which the source cannot be opened is closed again', async () => {
    const { client, stream, stats } = read(
      { ...IN_SEVERAL_ROUNDS, openStatusOf: (channel) => (channel === 1 ? 0 : 4) },
      BUDGET_OF_TWO_CHANNELS,
    );
    expect((await buffer(stream)).equals(file)).toBe(true);
    expect(stats()).toMatchObject({ channels: 1, refusedChannels: 1 });
    expect(client.channels).toHaveLength(2);
    await expectNothingLeft(client);
  });

  test('one that is lost leaves its reads to the others', async () => {
    let lostReads = 0;
    const onRead = (channel: number): void => {
      if (channel !== 2) return;
      lostReads += 1;
      setImmediate(() => client.channels[1]?.lose());
    };
    const { client, stream } = read({ ...IN_SEVERAL_ROUNDS, onRead }, BUDGET_OF_TWO_CHANNELS);
    expect((await buffer(stream)).equals(file)).toBe(true);
    expect(lostReads).toBeGreaterThan(0);
    await expectNothingLeft(client);
  });

  test('one that the server closes at its first answer is not asked for again', async () => {
    const onRead = (channel: number): void => {
      if (channel > 1) process.nextTick(() => client.channels[channel - 1]?.lose());
    };
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    const { client, stream, stats } = read(
      // The first window has 16 reads; after the second one a channel carries too little.
      { onRead, hold: { afterReads: 17, until } },
      BUDGET_OF_TWO_CHANNELS,
    );
    const bytes = buffer(stream);
    while (client.channels[1]?.openHandles !== 1) await sleep(5);
    await sleep(20); // it joins the pool
    release();
    expect((await bytes).equals(file)).toBe(true);
    expect(client.channels).toHaveLength(2);
    expect(stats()).toMatchObject({ refusedChannels: 1 });
  });

  test('one that opens after the end is closed', async () => {
    const { client, stream } = read(IN_SEVERAL_ROUNDS, BUDGET_OF_TWO_CHANNELS);
    const opening = jest.spyOn(client, 'sftp');
    stream.resume();
    for (let turns = 0; opening.mock.calls.length === 0 && turns < 1_000; turns += 1) await sleep(1);
    stream.destroy();
    await once(stream, 'close');
    await sleep(20);
    expect(client.channels.length).toBeGreaterThan(1);
    await expectNothingLeft(client);
  });

  test('another file under the same name fails the read', async () => {
    const { client, stream } = read(
      { ...IN_SEVERAL_ROUNDS, modifiedAtSecondsOf: (channel) => channel },
      BUDGET_OF_TWO_CHANNELS,
    );
    expect(await failure(stream)).toMatchObject({
      name: 'SourceChangedError',
      message: '/big was replaced while it was read',
    });
    await expectNothingLeft(client);
  });
});

describe('failures', () => {
  test('the file ends before the planned byte', async () => {
    const { client, stream } = read({}, { endByte: FILE_BYTES + 1 });
    expect(await failure(stream)).toMatchObject({
      name: 'SourceChangedError',
      message: `/big ends at byte ${FILE_BYTES} or before, but byte ${FILE_BYTES + 1} was planned`,
    });
    await expectNothingLeft(client);
  });

  test('the file shrinks while it is read', async () => {
    const { client, stream } = read();
    stream.once('data', () => {
      client.behaviour.file = file.subarray(0, MIB);
    });
    expect(await failure(stream)).toMatchObject({ name: 'SourceChangedError' });
    await expectNothingLeft(client);
  });

  test.each([
    ['no such file', 2, 'SourceNotFoundError'],
    ['permission denied', 3, 'SourcePermissionError'],
    ['failure', 4, 'SftpRequestFailedError'],
    ['unsupported', 8, 'SftpRequestRefusedError'],
  ])('the server refuses to open it: %s', async (_case, status, name) => {
    const { client, stream } = read({ openStatusOf: () => status });
    expect(await failure(stream)).toMatchObject({ name, message: expect.stringContaining('/big') });
    await expectNothingLeft(client);
  });

  test.each([
    [3, 'SourcePermissionError'],
    [4, 'SftpRequestFailedError'],
    [8, 'SftpRequestRefusedError'],
  ])('a read fails with status %d', async (readStatus, name) => {
    const { client, stream } = read({ readStatus });
    expect(await failure(stream)).toMatchObject({ name });
    await expectNothingLeft(client);
  });

  test.each([
    ['never answers a read', 0],
    ['stops answering in the middle', 7],
  ])('the server %s', async (_case, lastAnswer) => {
    const { client, stream, stats } = read(
      { answers: (answered) => answered < lastAnswer },
      { idleTimeoutMs: 50 },
    );
    const startedMs = performance.now();
    expect(await failure(stream)).toMatchObject({
      name: 'SftpStalledError',
      message: expect.stringMatching(/^no answer for 50 ms while reading \/big, after \d+ bytes$/),
    });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(45);
    expect(stats().bytes).toBeLessThan(FILE_BYTES);
    await expectNothingLeft(client);
  });

  test('a consumer that pauses for longer than the idle time is no stall', async () => {
    const { stream } = read({}, { idleTimeoutMs: 40, maxBytesInFlight: MIB });
    const pieces: Buffer[] = [];
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (pieces.length === 3) await sleep(150);
      pieces.push(piece);
    }
    expect(Buffer.concat(pieces).equals(file)).toBe(true);
  });

  test.each([
    ['with an error', new Error('read ECONNRESET'), 'read ECONNRESET'],
    ['in silence', undefined, 'No response from server'],
  ])('the connection is lost %s', async (_case, error, reason) => {
    // Little enough in flight that the read cannot be over before the connection is lost.
    const { client, stream } = read({}, { maxBytesInFlight: MIB });
    stream.once('data', () => setImmediate(() => client.lose(error)));
    expect(await failure(stream)).toMatchObject({
      name: 'SftpConnectionError',
      message: `the connection ended while reading /big: ${reason}`,
    });
    expect(client.listenerCount('error') + client.listenerCount('close')).toBe(0);
  });

  test('the only channel is closed by the server', async () => {
    const { client, stream } = read({}, { maxChannels: 1, maxBytesInFlight: MIB });
    stream.once('data', () => setImmediate(() => client.channels[0]?.lose()));
    expect(await failure(stream)).toMatchObject({ name: 'SftpConnectionError' });
  });
});

describe('the signal', () => {
  const reason = new Error('enough');

  test('that has fired already: nothing is opened', async () => {
    const { client, stream } = read({}, { signal: AbortSignal.abort(reason) });
    expect(await failure(stream)).toBe(reason);
    expect(client.answeredReads).toBe(0);
    await expectNothingLeft(client);
  });

  test('ends the read at once, though the server is silent', async () => {
    const controller = new AbortController();
    const { client, stream } = read({ answers: (answered) => answered < 5 }, { signal: controller.signal });
    const failed = failure(stream);
    await sleep(20);
    const abortedMs = performance.now();
    controller.abort(reason);
    expect(await failed).toBe(reason);
    expect(performance.now() - abortedMs).toBeLessThan(200);
    await expectNothingLeft(client);
  });

  test('is let go of at the end', async () => {
    const controller = new AbortController();
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    const { stream } = read({}, { signal: controller.signal, endByte: 1_000 });
    await buffer(stream);
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
    controller.abort(reason);
    await turn();
    expect(stream.errored).toBeNull();
  });
});

test('a consumer that destroys the stream leaves nothing behind', async () => {
  const { client, stream } = read();
  stream.once('data', () => stream.destroy());
  await once(stream, 'close');
  await expectNothingLeft(client);
});
