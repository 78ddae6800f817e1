import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../../s3/object-store.ts';
import type { ObjectStore } from '../../../s3/ports.ts';
import { landingClient } from '../../support/s3/landing-store.ts';
import { within } from '../../support/within.ts';

/** Every await has a way out: whatever a method of the port waits for, its signal ends it, with the signal's reason. */

const WAY_OUT_WITHIN_MS = 100;
const reason = new Error('nobody waits any more');
const upload = { bucket: 'landing', key: 'big.bin', uploadId: 'u' };
const part = { partNumber: 1, sizeBytes: 4, etag: '"e"' };

/** Takes requests, and answers none. */
let silent: Server;
let s3: S3Client;
let store: ObjectStore;
let onRequest = (): void => {};
const sockets = new Set<Socket>();

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', () => onRequest());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  s3 = landingClient({ endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
  store = new S3ObjectStore(s3);
});
afterAll(async () => {
  s3.destroy();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

const METHODS: Record<keyof ObjectStore, (signal: AbortSignal) => Promise<unknown>> = {
  putObject: (signal) => {
    const object = {
      bucket: 'landing',
      key: 'k',
      bytes: Buffer.from('x'),
      checksumCrc64Nvme: 'AAAAAAAAAAA=',
    };
    return store.putObject({ ...object, metadata: {}, onlyIfAbsent: false }, signal);
  },
  uploadPart: (signal) =>
    store.uploadPart(
      upload,
      { partNumber: 1, sizeBytes: 4, body: Readable.from([Buffer.from('part')]) },
      signal,
    ),
  listParts: (signal) => store.listParts(upload, signal),
  completeMultipartUpload: (signal) =>
    store.completeMultipartUpload(upload, { parts: [part], sizeBytes: 4, onlyIfAbsent: false }, signal),
  abortMultipartUpload: (signal) => store.abortMultipartUpload(upload, signal),
  headObject: (signal) => store.headObject(upload, signal),
};

test.each(Object.entries(METHODS))('%s with an aborted signal', async (_name, call) => {
  await expect(within(WAY_OUT_WITHIN_MS, call(AbortSignal.abort(reason)))).rejects.toBe(reason);
});

test.each(Object.entries(METHODS))('%s, aborted while S3 is silent', async (_name, call) => {
  const asked = new Promise<void>((resolve) => {
    onRequest = resolve;
  });
  const controller = new AbortController();
  const outcome = call(controller.signal).catch((error: unknown) => error);
  await asked;
  controller.abort(reason);
  await expect(within(WAY_OUT_WITHIN_MS, outcome)).resolves.toBe(reason);
});

test('uploadPart, aborted while its source is silent', async () => {
  const controller = new AbortController();
  const body = new Readable({ read() {} });
  const outcome = store
    .uploadPart(upload, { partNumber: 1, sizeBytes: 4, body }, controller.signal)
    .catch((error: unknown) => error);
  await sleep(50);
  controller.abort(reason);
  await expect(within(WAY_OUT_WITHIN_MS, outcome)).resolves.toBe(reason);
  expect(body.destroyed).toBe(true);
});
