import type { SFTPWrapper } from 'ssh2';
import { SFTP_END_OF_FILE, SFTP_OK } from '../sftp-status.ts';

const NO_BYTES = Buffer.alloc(0);

/** What waits for an answer. DATA is copied into `buffer`; where there is none, `cb` gets it as it came. */
interface WaitingRequest {
  cb: (error?: Error & { code?: number }, bytes?: Buffer) => void;
  buffer?: Buffer | undefined;
}

/** The parts of ssh2 1.17's SFTP client that have no public name; each may be absent in another version. */
interface RequestInternals {
  /** Id of the request that was made last. */
  _writeReqid?: number;
  _requests?: Record<number, WaitingRequest>;
}

/** Channels on which the layout above was found in a request of ours, or was not. */
const hasKnownLayout = new WeakMap<SFTPWrapper, boolean>();

/** Given to ssh2 as the place for the bytes where none will be put there. */
let nowhere = NO_BYTES;

/**
 * Reads up to `lengthBytes` at `position`; the callback gets no bytes at the end of the file. The bytes are the
 * caller's own: nothing writes to them later. An answer of another kind is an error whose `code` is 0.
 *
 * ssh2's `read` copies every answer into a buffer that has to exist before the answer does. Where its internals are
 * as in 1.17, its waiting request is replaced by one without a buffer, as it makes them itself for other answers:
 * then the packet's own bytes come. That saves a seventh of the reader's processor time, and a buffer for every
 * read on its way; and an answer that is longer than its read is seen, which ssh2 would cut in silence. The first read
 * on a channel finds out, with a buffer of its own.
 */
export function readBytes(
  sftp: SFTPWrapper,
  handle: Buffer,
  lengthBytes: number,
  position: number,
  callback: (error: Error | undefined, bytes: Buffer) => void,
): void {
  const internals = sftp as RequestInternals;
  if (hasKnownLayout.get(sftp) === true) {
    if (nowhere.length < lengthBytes) nowhere = Buffer.alloc(lengthBytes);
    sftp.read(handle, nowhere, 0, lengthBytes, position, () => {});
    replaceLastRequest(internals, callback);
    return;
  }
  const buffer = Buffer.allocUnsafeSlow(lengthBytes);
  readIntoBuffer(sftp, handle, buffer, position, (error, bytesRead) =>
    callback(error, buffer.subarray(0, bytesRead)),
  );
  if (hasKnownLayout.has(sftp)) return;
  const isKnown = lastRequest(internals)?.buffer?.buffer === buffer.buffer;
  hasKnownLayout.set(sftp, isKnown);
  if (isKnown) replaceLastRequest(internals, callback);
}

function replaceLastRequest(
  { _requests: requests, _writeReqid: id }: RequestInternals,
  callback: (error: Error | undefined, bytes: Buffer) => void,
): void {
  if (requests === undefined || id === undefined || requests[id] === undefined)
    throw new TypeError('ssh2 has lost the request that it just made');
  requests[id] = new WaitingRead(callback);
}

/**
 * Waits for one READ's answer. ssh2 gives the content of any packet to whoever waits: a HANDLE's bytes would pass for
 * the file's. Only where DATA came does it look for a buffer first.
 */
class WaitingRead implements WaitingRequest {
  readonly #callback: (error: Error | undefined, bytes: Buffer) => void;
  #isData = false;

  constructor(callback: (error: Error | undefined, bytes: Buffer) => void) {
    this.#callback = callback;
  }

  get buffer(): undefined {
    this.#isData = true;
    return undefined;
  }

  cb(error?: Error & { code?: number }, bytes?: Buffer): void {
    if (error?.code === SFTP_END_OF_FILE) this.#callback(undefined, NO_BYTES);
    else if (error !== undefined) this.#callback(error, NO_BYTES);
    else if (!this.#isData || bytes === undefined) this.#callback(okWithoutBytes(), NO_BYTES);
    else this.#callback(undefined, bytes);
  }
}

/**
 * Fills `buffer` from `position` as far as one answer goes; the callback gets the count, 0 at the end of the file.
 * An OK without bytes is an error whose `code` is 0: ssh2 1.17 makes no difference between it and the end of the file
 * unless it is asked, by a field of the callback, to give the end as an error.
 */
export function readIntoBuffer(
  sftp: SFTPWrapper,
  handle: Buffer,
  buffer: Buffer,
  position: number,
  callback: (error: Error | undefined, bytesRead: number) => void,
): void {
  const onAnswer = (error: (Error & { code?: unknown }) | undefined, bytesRead: number): void => {
    if (error) callback(error.code === SFTP_END_OF_FILE ? undefined : error, 0);
    else if (bytesRead > 0) callback(undefined, bytesRead);
    else callback(okWithoutBytes(), 0);
  };
  sftp.read(handle, buffer, 0, buffer.length, position, Object.assign(onAnswer, { _wantEOFError: true }));
}

function okWithoutBytes(): Error {
  return Object.assign(new Error('OK, without bytes'), { code: SFTP_OK });
}

function lastRequest({ _requests: requests, _writeReqid: id }: RequestInternals): WaitingRequest | undefined {
  return id === undefined ? undefined : requests?.[id];
}
