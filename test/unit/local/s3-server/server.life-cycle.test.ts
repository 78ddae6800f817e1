import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { startS3Server } from '../../../../local/s3-server/server.ts';
import { RawS3 } from '../../../support/s3/raw-s3.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const CLOSE_LIMIT_MS = 2_000;

const hasIpv6Loopback = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');
const testIf = (condition: boolean) => (condition ? test : test.skip);

describe('startS3Server', () => {
  const directory = temporaryDirectory();

  test('takes a free port, on loopback', async () => {
    const server = await startS3Server({ directory });
    expect(server.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await server.close();
  });

  testIf(hasIpv6Loopback)('names an IPv6 address in brackets', async () => {
    const server = await startS3Server({ directory, host: '::1' });
    expect(server.endpoint).toMatch(/^http:\/\/\[::1\]:\d+$/);
    await server.close();
  });

  test('fails on a port that is taken', async () => {
    const first = await startS3Server({ directory });
    const port = Number(new URL(first.endpoint).port);
    await expect(startS3Server({ directory, port })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });

  test('serves the objects of an earlier server, and removes its unfinished uploads', async () => {
    const first = await startS3Server({ directory });
    const s3 = new RawS3(first.endpoint);
    await s3.send('PUT', '/landing');
    await s3.send('PUT', '/landing/kept', { body: 'kept' });
    const uploadId = await s3.createUpload('/landing/lost');
    await s3.send('PUT', `/landing/lost?partNumber=1&uploadId=${uploadId}`, { body: 'part' });
    await first.close();
    mkdirSync(join(directory, 'incoming'), { recursive: true });
    writeFileSync(join(directory, 'incoming', 'half'), 'written');

    const second = await startS3Server({ directory });
    const later = new RawS3(second.endpoint);
    await expect(later.send('GET', '/landing/kept')).resolves.toMatchObject({ body: 'kept' });
    await expect(later.send('GET', `/landing/lost?uploadId=${uploadId}`)).resolves.toMatchObject({
      code: 'NoSuchUpload',
    });
    expect(readdirSync(directory).sort()).toEqual(['buckets', 'incoming']);
    expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
    await second.close();
  });
});

describe('close', () => {
  const directory = temporaryDirectory();

  test('ends idle, silent and uploading connections at once, keeps no half of a part, and may be called twice', async () => {
    const server = await startS3Server({ directory });
    const s3 = new RawS3(server.endpoint);
    await s3.send('PUT', '/landing');
    const uploadId = await s3.createUpload('/landing/key');
    const partFolder = join(directory, 'uploads', uploadId);

    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      const idle = request(`${server.endpoint}/landing`, { method: 'HEAD', agent });
      idle.on('response', (response) => response.resume().on('end', resolve));
      idle.on('error', reject);
      idle.end();
    });
    const silent = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
    silent.on('error', () => {});
    await new Promise<void>((resolve) => silent.once('connect', resolve));
    const uploading = request(`${server.endpoint}/landing/key?partNumber=1&uploadId=${uploadId}`, {
      method: 'PUT',
      headers: { 'content-length': 1_000_000 },
      agent: false,
    });
    const cut = new Promise((resolve) => uploading.once('error', resolve));
    uploading.write(Buffer.alloc(500_000));
    while (readdirSync(partFolder).length === 0) await new Promise(setImmediate);

    const startedMs = performance.now();
    await server.close();
    await server.close();
    expect(performance.now() - startedMs).toBeLessThan(CLOSE_LIMIT_MS);
    await cut;
    expect(readdirSync(partFolder)).toEqual([]);
    agent.destroy();
    silent.destroy();
  });
});
