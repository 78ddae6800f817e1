import { createWriteStream, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { tellReady } from './ready-process.ts';

/**
 * `part-sink-process.ts <folder> <certificate file> <its key file>`: takes UploadPart and nothing else, as S3 looks from
 * a client, in plain and over TLS: the body of `PUT /<bucket>/<key>?partNumber=<n>` goes into the file
 * `<folder>/<key>.<n>` as it comes, framing and all. The embedded S3 server hashes every part twice, and on a machine that client and servers share, that
 * would be measured as the client's.
 */
const [folder, certFile, keyFile] = process.argv.slice(2);
if (folder === undefined || certFile === undefined || keyFile === undefined)
  throw new Error('usage: <folder> <certificate file> <its key file>');
const WRITE_BUFFER_BYTES = 1024 ** 2;

function takePart(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sink');
  const name = `${path.basename(pathname)}.${searchParams.get('partNumber')}`;
  const file = createWriteStream(path.join(folder as string, name), {
    highWaterMark: WRITE_BUFFER_BYTES,
  });
  pipeline(request, file).then(
    () => response.setHeader('ETag', '"part"').end(),
    () => response.destroy(),
  );
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const certificate = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
tellReady({
  endpoint: `http://${await listen(createServer(takePart))}`,
  tlsEndpoint: `https://${await listen(createTlsServer(certificate, takePart))}`,
});
