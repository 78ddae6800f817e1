import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { tellReady } from './ready-process.ts';

/**
 * `part-sink-process.ts <folder>`: takes UploadPart and nothing else, as S3 looks from a client: the body of
 * `PUT /<bucket>/<key>` goes into the file `<folder>/<key>` as it comes, framing and all. The embedded S3 server
 * hashes every part twice, and on a machine that client and servers share, that would be measured as the client's.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: <folder>');
const WRITE_BUFFER_BYTES = 1024 ** 2;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://sink');
  const file = createWriteStream(path.join(folder, path.basename(pathname)), {
    highWaterMark: WRITE_BUFFER_BYTES,
  });
  pipeline(request, file).then(
    () => response.setHeader('ETag', '"part"').end(),
    () => response.destroy(),
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
tellReady({ endpoint: `http://127.0.0.1:${port}` });
