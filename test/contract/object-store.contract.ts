import type { StoreCapabilities } from './object-store/capabilities.ts';
import { completeMultipartUploadContract } from './object-store/complete-multipart-upload.contract.ts';
import { goneUploadContract } from './object-store/gone-upload.contract.ts';
import { headObjectContract } from './object-store/head-object.contract.ts';
import { landedObjectContract } from './object-store/landed-object.contract.ts';
import { listPartsContract } from './object-store/list-parts.contract.ts';
import { missingStoreContract } from './object-store/missing-store.contract.ts';
import { putObjectContract } from './object-store/put-object.contract.ts';
import { storeRig } from './object-store/store-rig.ts';
import { uploadPartContract } from './object-store/upload-part.contract.ts';

/** What every S3-compatible store must do below `S3ObjectStore`. `begin` is called once and gives the endpoint. */
export function objectStoreContract(begin: () => Promise<string>, capabilities: StoreCapabilities): void {
  const rig = storeRig(begin, capabilities);

  landedObjectContract(rig);
  uploadPartContract(rig);
  listPartsContract(rig);
  goneUploadContract(rig);
  completeMultipartUploadContract(rig);
  putObjectContract(rig);
  headObjectContract(rig);
  missingStoreContract(rig);
}
