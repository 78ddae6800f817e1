import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { openSocket } from './open-socket.ts';

/**
 * How long an address is tried alone before the next one is tried beside it (RFC 8305, section 5, calls it the
 * Connection Attempt Delay). Above a round trip of 600 ms with one lost SYN (1 s): a partner that is far gets one
 * connection, not one for each of its addresses. Node's own 250 ms would also end the earlier attempt.
 */
export const NEXT_ADDRESS_DELAY_MS = 2_000;

/** Addresses of a host name, in the order in which to try them. @throws the resolver's error */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** An address, and what became of the attempt to connect to it. */
export interface AddressAttempt {
  address: string;
  /** `undefined` when it did not answer until its time was over. */
  error: Error | undefined;
}

export interface DialRequest {
  host: string;
  port: number;
  /** Each address has until then, counted from the first attempt. */
  timeoutMs: number;
  /** @default the system's resolver */
  lookup?: Lookup | undefined;
  /** @default Node's `net.connect` */
  open?: ((address: string, port: number) => Socket) | undefined;
}

/** Why no connection came about. */
export interface DialFailure {
  /** Empty when the name could not be resolved; `error` says why. */
  attempts: readonly AddressAttempt[];
  error: Error | undefined;
  timedOut: boolean;
}

/**
 * Connects to the first address of the host that answers. Every address keeps its attempt until the time is over; the
 * next one is tried when the one before has failed or stayed silent for NEXT_ADDRESS_DELAY_MS.
 * @returns a connected socket, whose errors are still handled; or what became of each address
 * @throws the signal's reason
 */
export async function dial(
  { host, port, timeoutMs, lookup = lookUpAll, open = openSocket }: DialRequest,
  signal: AbortSignal,
): Promise<{ socket: Socket; address: string } | DialFailure> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await orAborted(lookup(host), over) : [host];
  } catch (error) {
    signal.throwIfAborted();
    if (over.aborted) return { attempts: [], error: new Error('no name server answers'), timedOut: true };
    return { attempts: [], error: error as Error, timedOut: false };
  }
  const attempts: AddressAttempt[] = addresses.map((address) => ({ address, error: undefined }));
  const connected = await race(attempts, (address) => open(address, port), over);
  signal.throwIfAborted();
  if (connected !== undefined) return connected;
  const errors = attempts.map(({ error }) => error);
  return {
    attempts,
    error: errors.findLast((error) => error !== undefined),
    timedOut: errors.includes(undefined),
  };
}

/** Fills `attempts`. @returns undefined when all have failed, or `over` was aborted */
function race(
  attempts: readonly AddressAttempt[],
  open: (address: string) => Socket,
  over: AbortSignal,
): Promise<{ socket: Socket; address: string } | undefined> {
  return new Promise((resolve) => {
    const waiting = attempts.values();
    const pending = new Set<Socket>();
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;

    const finish = (winner?: { socket: Socket; address: string }): void => {
      isOver = true;
      clearTimeout(timer);
      over.removeEventListener('abort', onOver);
      if (winner !== undefined) pending.delete(winner.socket);
      for (const socket of pending) socket.destroy();
      resolve(winner);
    };
    const onOver = () => finish();
    const tryNext = (): void => {
      clearTimeout(timer);
      const { value: attempt, done } = waiting.next();
      if (done) {
        if (pending.size === 0) finish();
        return;
      }
      const socket = open(attempt.address);
      pending.add(socket);
      // It stays on the socket: an error before somebody else listens must not end the process.
      socket.on('error', (error) => {
        if (isOver) return;
        pending.delete(socket);
        attempt.error = error;
        tryNext();
      });
      socket.once('connect', () => finish({ socket, address: attempt.address }));
      timer = setTimeout(tryNext, NEXT_ADDRESS_DELAY_MS);
    };
    over.addEventListener('abort', onOver, { once: true });
    if (over.aborted) finish();
    else tryNext();
  });
}

async function lookUpAll(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

/** Rejects when the signal is aborted; a lookup itself cannot be ended. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
