import path from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import { type Place, THIS_MACHINE } from './place.ts';
import { startProcess } from './ready-process.ts';

/** The embedded S3 server, and the folder that it keeps objects in. */
export interface LabS3 {
  endpoint: string;
  directory: string;
}

/** What the uploads of a lab go to; each in a process of its own. */
export interface S3Side {
  bucket: string;
  s3: { plain: LabS3; tls: LabS3 };
  /** Takes parts, and does nothing with them but keep them in the lab's folder. */
  partSink: { endpoint: string; tlsEndpoint: string };
  /** Of both, where they speak TLS. */
  certificate: Certificate;
}

const BUCKET = 'landing';
const S3_PROCESS = new URL('./s3-process.ts', import.meta.url);
const PART_SINK_PROCESS = new URL('./part-sink-process.ts', import.meta.url);

/** @param stops gets what ends it */
export async function startS3Side(
  folder: string,
  stops: (() => Promise<void>)[],
  place: Place = THIS_MACHINE,
): Promise<S3Side> {
  const certificate = await makeCertificate(folder);
  const files = [certificate.certFile, certificate.keyFile];
  const s3 = await startProcess<S3Side['s3']>(S3_PROCESS, [path.join(folder, 's3'), BUCKET, ...files], place);
  stops.push(s3.stop);
  const partSink = await startProcess<S3Side['partSink']>(PART_SINK_PROCESS, [folder, ...files], place);
  stops.push(partSink.stop);
  return { bucket: BUCKET, s3: s3.ready, partSink: partSink.ready, certificate };
}
