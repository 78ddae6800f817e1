import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SourceChangedError } from '../../../transfer/errors.ts';
import { inPieces, sha256 } from './parts.ts';
import type { StoreRig } from './store-rig.ts';

const STALL_MS = 200;

export function uploadPartContract({ never, store, start, send, complete, read }: StoreRig): void {
  describe('uploadPart', () => {
    test('takes a body that comes in small and in large buffers', async () => {
      const bytes = randomBytes(1_500_000);
      const upload = await start();
      const sizes = [1, 100, 8_191, 8_192, 700_000, 3];
      await store.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: bytes.length, body: inPieces(bytes, sizes) },
        never,
      );
      await complete(upload, await store.listParts(upload, never));
      expect(sha256(await read(upload.key))).toBe(sha256(bytes));
    });

    test('replaces a part of the same number', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('first'));
      await send(upload, 1, Buffer.from('second!'));
      const parts = await store.listParts(upload, never);
      expect(parts).toMatchObject([{ partNumber: 1, sizeBytes: 7 }]);
      await complete(upload, parts);
      await expect(read(upload.key)).resolves.toEqual(Buffer.from('second!'));
    });

    test('takes many parts at a time', async () => {
      const upload = await start();
      const parts = Array.from({ length: 16 }, () => randomBytes(300_000));
      await Promise.all(parts.map((bytes, index) => send(upload, index + 1, bytes)));
      const listed = await store.listParts(upload, never);
      expect(listed.map(({ partNumber }) => partNumber)).toEqual(parts.map((_, index) => index + 1));
      expect(listed.every(({ sizeBytes }) => sizeBytes === 300_000)).toBe(true);
    });

    test("fails with the source's own error, and leaves no part", async () => {
      const upload = await start();
      const gone = new SourceChangedError('the file ended early');
      const body = Readable.from(
        (async function* () {
          yield randomBytes(200_000);
          await sleep(STALL_MS);
          throw gone;
        })(),
        { objectMode: false },
      );
      await expect(store.uploadPart(upload, { partNumber: 1, sizeBytes: 400_000, body }, never)).rejects.toBe(
        gone,
      );
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });

    test('fails with the error of a source that has failed already', async () => {
      const upload = await start();
      const gone = new SourceChangedError('the file ended early');
      const body = new Readable({ read() {} });
      body.on('error', () => {});
      body.destroy(gone);
      await sleep(1);
      await expect(store.uploadPart(upload, { partNumber: 1, sizeBytes: 4, body }, never)).rejects.toBe(gone);
    });

    test.each([
      ['fewer', 99_999],
      ['more', 100_001],
      ['some, where none were announced', 1, 0],
    ])(
      'fails when the body gives %s bytes, and leaves no part',
      async (_name, given, announced = 100_000) => {
        const upload = await start();
        const body = inPieces(randomBytes(given));
        await expect(
          store.uploadPart(upload, { partNumber: 1, sizeBytes: announced, body }, never),
        ).rejects.toThrow(RangeError);
        await expect(store.listParts(upload, never)).resolves.toEqual([]);
      },
    );

    test("ends with the signal's reason while the source stalls, ends the source, and leaves no part", async () => {
      const upload = await start();
      const body = new Readable({ read() {} });
      body.push(randomBytes(200_000));
      const reason = new Error('the execution was stopped');
      const controller = new AbortController();
      const sending = store.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: 400_000, body },
        controller.signal,
      );
      setTimeout(() => controller.abort(reason), STALL_MS);
      await expect(sending).rejects.toBe(reason);
      expect(body.destroyed).toBe(true);
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });

    test('does nothing once the signal is aborted', async () => {
      const upload = await start();
      const reason = new Error('too late');
      await expect(send(upload, 1, Buffer.from('x'), AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });
  });
}
