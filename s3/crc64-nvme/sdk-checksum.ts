import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { Crc64NvmeHasher } from './hasher.ts';

type ChecksumConstructor = NonNullable<NonNullable<S3ClientConfig['checksumAlgorithms']>['CRC64NVME']>;

/**
 * Our CRC64NVME in the form that the SDK plugs in. The SDK's own runs at 270 to 360 MiB/s, which was half of all the
 * time that the processor spent on an upload: 3.8 seconds a GiB with it, 1.8 with this one.
 */
export class SdkCrc64Nvme implements InstanceType<ChecksumConstructor> {
  #hasher = new Crc64NvmeHasher();

  update(bytes: Uint8Array): void {
    this.#hasher.update(bytes);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hasher.digest();
  }

  reset(): void {
    this.#hasher = new Crc64NvmeHasher();
  }
}
