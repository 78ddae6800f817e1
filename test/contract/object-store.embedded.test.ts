import { type S3Server, startS3Server } from '../../local/s3-server/server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { S3_CAPABILITIES } from './object-store/capabilities.ts';
import { objectStoreContract } from './object-store.contract.ts';

describe('S3ObjectStore on the embedded server', () => {
  const directory = temporaryDirectory();
  let server: S3Server;
  afterAll(() => server?.close());

  objectStoreContract(async () => {
    server = await startS3Server({ directory });
    return server.endpoint;
  }, S3_CAPABILITIES);
});
