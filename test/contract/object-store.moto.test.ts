import { describeUnless } from '../support/optional-suite.ts';
import { type MotoServer, motoMissing, startMotoServer } from '../support/s3/moto-server.ts';
import type { StoreCapabilities } from './object-store/capabilities.ts';
import { objectStoreContract } from './object-store.contract.ts';

// moto 5.2 knows no CRC64NVME of multipart uploads: it lists parts without it, and shows four bytes for the object. It
// answers 500 to parts and completions of an upload that is gone, and breaks its own XML by control characters.
const MOTO_CAPABILITIES: StoreCapabilities = {
  takesControlCharacters: false,
  knowsGoneUploads: false,
  showsChecksums: false,
  verifiesObjectChecksum: false,
  verifiesObjectSize: false,
};

describeUnless(motoMissing, "S3ObjectStore on moto's S3", () => {
  let server: MotoServer;
  afterAll(() => server?.stop());

  objectStoreContract(async () => {
    server = await startMotoServer();
    return server.endpoint;
  }, MOTO_CAPABILITIES);
});
