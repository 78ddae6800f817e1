/** What S3 has and a store may lack. The tests of what it lacks are skipped. */
export interface StoreCapabilities {
  /** Keys may hold control characters. */
  takesControlCharacters: boolean;
  /** UploadPart and CompleteMultipartUpload answer NoSuchUpload, as ListParts and AbortMultipartUpload do. */
  knowsGoneUploads: boolean;
  /** ListParts, CompleteMultipartUpload and HeadObject show CRC64NVME. */
  showsChecksums: boolean;
  /** CompleteMultipartUpload refuses a wrong object checksum (BadDigest). */
  verifiesObjectChecksum: boolean;
  /** CompleteMultipartUpload refuses a wrong MpuObjectSize. */
  verifiesObjectSize: boolean;
}

/** All that S3 has. */
export const S3_CAPABILITIES: StoreCapabilities = {
  takesControlCharacters: true,
  knowsGoneUploads: true,
  showsChecksums: true,
  verifiesObjectChecksum: true,
  verifiesObjectSize: true,
};
