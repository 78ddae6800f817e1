import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { MultipartUploads } from '../multipart-uploads.ts';
import type { ObjectFiles } from '../object-files.ts';
import type { RequestTarget } from './request-target.ts';

/** What all requests share. */
export interface Storage {
  /** Folder for payloads that are not yet objects; on the same file system as the objects. */
  incomingFolder: string;
  objects: ObjectFiles;
  uploads: MultipartUploads;
  /** How long a completion may take before its client sees a sign of life, and between two signs. */
  keepAliveIntervalMs: number;
  /** Where the checksum of an object made of parts comes from. */
  checksumFrom: 'bytes' | 'parts';
  /** Aborted when the server closes. */
  closing: AbortSignal;
}

/** One request, routed. */
export interface Call extends RequestTarget, Storage {
  request: IncomingMessage;
  response: ServerResponse;
  /** Lets a client that waits with `Expect: 100-continue` send; call before reading the body. */
  acceptBody(): void;
}

/** Answers one kind of request. @throws S3Error, which becomes the answer */
export type Operation = (call: Call) => Promise<void>;

export const incomingPath = (storage: Storage): string => join(storage.incomingFolder, randomUUID());
