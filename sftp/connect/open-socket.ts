import { connect, type Socket } from 'node:net';
import { KIB, MIB } from '../../transfer/text/units.ts';

/**
 * Memory that reads are cut from, one after the other. From the second slab on it is used again from its start: ssh2
 * keeps of what it is given at most the packet that it is taking apart (35,000 bytes), and that lies 768 KiB behind. Of
 * the first, which has the key exchange, nothing is written to twice.
 */
const SLAB_BYTES = MIB;
/** Most bytes of one read, and what a slab must have left for a further one. */
const READ_BYTES = 256 * KIB;
/** Two reads within this time mean that bytes are flowing. */
const FLOWING_WITHIN_MS = 1;
/** A read of less is not worth the processor's time, if more is about to come. */
const WORTHWHILE_BYTES = 32 * KIB;
/** How long bytes gather in the kernel after such a read. Small beside any round trip that makes reads small. */
const GATHER_MS = 1;

/**
 * A connection without Nagle's delay that is read in large pieces.
 *
 * Over a distance packets come one by one, and Node would read each as it comes: 1,448 bytes with a new buffer, a system
 * call and a decryption of their own. So while bytes flow, a small read is followed by a millisecond in which they
 * gather, as network cards do with interrupts; an answer that comes alone is read at once. And one piece of memory
 * takes all of them: Node's own new buffer for each read costs page faults, and garbage collections.
 *
 * It is paused, and emits what comes as 'data' events once it is resumed. The bytes of an event are soon written over:
 * whoever keeps them copies them.
 */
export function openSocket(address: string, port: number): Socket {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let usedBytes = 0;
  let isFirstSlab = true;
  let lastReadAtMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const nextBuffer = (): Buffer => {
    if (slab.length - usedBytes < READ_BYTES) {
      if (isFirstSlab) slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      isFirstSlab = false;
      usedBytes = 0;
    }
    return slab.subarray(usedBytes, usedBytes + READ_BYTES);
  };
  const gathered = (): void => {
    timer = undefined;
    lastReadAtMs = performance.now();
    // Whoever has paused it meanwhile resumes it.
    if (!socket.isPaused()) socket.resume();
  };
  /** @returns false to read no further for now */
  const onRead = (bytesRead: number, buffer: Uint8Array): boolean => {
    usedBytes += bytesRead;
    const nowMs = performance.now();
    const isFlowing = nowMs - lastReadAtMs < FLOWING_WITHIN_MS;
    lastReadAtMs = nowMs;
    socket.emit('data', buffer.subarray(0, bytesRead));
    if (!isFlowing || bytesRead >= WORTHWHILE_BYTES || socket.destroyed) return true;
    timer ??= setTimeout(gathered, GATHER_MS);
    return false;
  };
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    onread: { buffer: nextBuffer, callback: onRead },
  });
  // Unlike other sockets it keeps nothing for a listener that comes later.
  socket.pause();
  socket.once('close', () => clearTimeout(timer));
  return socket;
}
