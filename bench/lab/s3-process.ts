import { startS3Server } from '../../local/s3-server/server.ts';
import { tellReady } from './ready-process.ts';

/** `s3-process.ts <folder>`: the embedded S3 server. */
const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: <folder>');
const server = await startS3Server({ directory });
tellReady({ endpoint: server.endpoint });
