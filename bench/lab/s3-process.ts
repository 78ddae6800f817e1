import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ObjectFiles } from '../../local/s3-server/object-files.ts';
import { startS3Server } from '../../local/s3-server/server.ts';
import { tellReady } from './ready-process.ts';

/**
 * `s3-process.ts <folder> <bucket> <certificate file> <its key file>`: the embedded S3 server, in plain and over TLS,
 * each with a folder of its own and a bucket in it. As
 * S3, they take no time for the checksum of a finished object; what arrived is compared afterwards, byte by byte.
 */
const [folder, bucket, certFile, keyFile] = process.argv.slice(2);
if (folder === undefined || bucket === undefined || certFile === undefined || keyFile === undefined)
  throw new Error('usage: <folder> <bucket> <certificate file> <its key file>');
const directory = path.join(folder, 'plain');
const tlsDirectory = path.join(folder, 'tls');
const tls = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
const [plain, secure] = await Promise.all([
  startS3Server({ directory, checksumFrom: 'parts' }),
  startS3Server({ directory: tlsDirectory, checksumFrom: 'parts', tls }),
]);
await new ObjectFiles(directory).createBucket(bucket);
await new ObjectFiles(tlsDirectory).createBucket(bucket);
tellReady({
  plain: { endpoint: plain.endpoint, directory },
  tls: { endpoint: secure.endpoint, directory: tlsDirectory },
});
