import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { closeKeptConnections, createS3Client } from '../../../s3/client.ts';

test('kept connections are closed on demand, and the client works on', async () => {
  const opened: Socket[] = [];
  const server = createServer((_, response) => response.end());
  server.on('connection', (socket) => opened.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createS3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  const head = () => client.send(new HeadObjectCommand({ Bucket: 'landing', Key: 'file' }));

  try {
    await head();
    expect(opened[0]?.destroyed).toBe(false);
    const closed = once(opened[0] as Socket, 'close');
    closeKeptConnections(client);
    await closed;
    await head();
    expect(opened).toHaveLength(2);
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
});
