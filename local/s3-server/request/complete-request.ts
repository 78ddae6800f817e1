import type { IncomingMessage } from 'node:http';
import { S3_MAX_PARTS } from '../../../transfer/limits.ts';
import { MIB } from '../../../transfer/text/units.ts';
import { S3Error } from '../s3-error.ts';
import { unescapeXml } from '../xml.ts';

/** A part as the client names it in CompleteMultipartUpload. */
export interface NamedPart {
  partNumber: number;
  /** Without quotes. */
  etag: string;
  checksumCrc64Nvme?: string;
}

/** 10,000 parts of about 150 bytes each, with room to spare. */
const MAX_DOCUMENT_BYTES = 4 * MIB;

/** @throws S3Error MalformedXML, also for a document too large to be one */
export async function readCompleteRequest(request: IncomingMessage): Promise<NamedPart[]> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES) throw malformed();
    chunks.push(chunk);
  }
  return parseCompleteRequest(Buffer.concat(chunks).toString('utf8'));
}

/**
 * Takes the parts out of a `<CompleteMultipartUpload>` document, in its order.
 * @throws S3Error MalformedXML when there is no part, too many, or one without number or ETag
 */
export function parseCompleteRequest(document: string): NamedPart[] {
  const content = elementContent(document, 'CompleteMultipartUpload');
  const parts = [...(content ?? '').matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) =>
    parsePart(part),
  );
  if (parts.length === 0 || parts.length > S3_MAX_PARTS) throw malformed();
  return parts;
}

function parsePart(part: string): NamedPart {
  const partNumber = elementContent(part, 'PartNumber');
  const etag = elementContent(part, 'ETag');
  const checksumCrc64Nvme = elementContent(part, 'ChecksumCRC64NVME');
  if (partNumber === undefined || !/^\d{1,5}$/.test(partNumber) || etag === undefined) throw malformed();
  return {
    partNumber: Number(partNumber),
    etag: etag.replace(/^"(.*)"$/, '$1'),
    ...(checksumCrc64Nvme !== undefined && { checksumCrc64Nvme }),
  };
}

function elementContent(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 's').exec(xml)?.[1];
  return content?.includes('<') === false ? unescapeXml(content.trim()) : content;
}

const malformed = (): S3Error =>
  new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
