import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { dial, NEXT_ADDRESS_DELAY_MS } from '../../../../sftp/connect/dial.ts';

/** What becomes of a connection to an address: it answers after so many milliseconds, fails at once, or stays silent. */
type End = number | string | 'silence';

const never = new AbortController().signal;
const TIMEOUT_MS = 20_000;

function rig(ends: Readonly<Record<string, End>>) {
  const tried: { address: string; atMs: number; socket: FakeSocket }[] = [];
  const open = (address: string): Socket => {
    const socket = new FakeSocket();
    tried.push({ address, atMs: Date.now() - startedMs, socket });
    const end = ends[address];
    if (typeof end === 'number') setTimeout(() => socket.destroyed || socket.emit('connect'), end);
    else if (end !== 'silence')
      setTimeout(() => socket.emit('error', Object.assign(new Error(end), { code: end })), 1);
    return socket as unknown as Socket;
  };
  const startedMs = Date.now();
  const request = {
    host: 'sftp.partner.test',
    port: 22,
    timeoutMs: TIMEOUT_MS,
    lookup: async () => Object.keys(ends),
    open,
  };
  return { tried, request };
}

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
  }
}

/** AbortSignal.timeout knows nothing of jest's clock. */
beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('timeout')), ms);
    return controller.signal;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const after = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  await jest.advanceTimersByTimeAsync(ms);
  return work;
};

test.each<[string, Record<string, End>, string, number]>([
  ['one address', { '192.0.2.1': 10 }, '192.0.2.1', 10],
  ['one that is far', { '192.0.2.1': 1_900 }, '192.0.2.1', 1_900],
  [
    'a dead one first',
    { '192.0.2.1': 'silence', '192.0.2.2': 600 },
    '192.0.2.2',
    NEXT_ADDRESS_DELAY_MS + 600,
  ],
  ['a far one first, a dead one second', { '192.0.2.1': 3_500, '192.0.2.2': 'silence' }, '192.0.2.1', 3_500],
  [
    'IPv6 without a route, then a far IPv4',
    { '2001:db8::1': 'ENETUNREACH', '192.0.2.2': 900 },
    '192.0.2.2',
    901,
  ],
  [
    'IPv6 that is dropped',
    { '2001:db8::1': 'silence', '192.0.2.2': 900 },
    '192.0.2.2',
    NEXT_ADDRESS_DELAY_MS + 900,
  ],
  ['IPv6 that answers', { '2001:db8::1': 400, '192.0.2.2': 1 }, '2001:db8::1', 400],
  ['one that refuses', { '192.0.2.1': 'ECONNREFUSED', '192.0.2.2': 5 }, '192.0.2.2', 6],
  [
    'three, two of them dead',
    { a: 'silence', b: 'silence', c: 15_000 },
    'c',
    2 * NEXT_ADDRESS_DELAY_MS + 15_000,
  ],
])('%s', async (_case, ends, address, ms) => {
  const { request, tried } = rig(ends);
  const settled = jest.fn();
  const dialled = dial(request, never);
  void dialled.then(settled);
  await jest.advanceTimersByTimeAsync(ms - 1);
  expect(settled).not.toHaveBeenCalled();
  await expect(after(2, dialled)).resolves.toMatchObject({ address });
  for (const one of tried)
    expect(one.socket.destroyed).toBe(
      one.address !== address && ends[one.address] !== 'ECONNREFUSED' && ends[one.address] !== 'ENETUNREACH',
    );
  expect(jest.getTimerCount()).toBeLessThanOrEqual(2); // the time limit's own, and a late answer's
});

test('an address that answers soon is the only one that is bothered', async () => {
  const { request, tried } = rig({ '192.0.2.1': 1_000, '192.0.2.2': 1 });
  await after(1_000, dial(request, never));
  expect(tried.map(({ address }) => address)).toEqual(['192.0.2.1']);
});

test('when none answers, each address is named with what became of it', async () => {
  const { request } = rig({
    '192.0.2.1': 'silence',
    '192.0.2.2': 'ECONNREFUSED',
    '2001:db8::1': 'ENETUNREACH',
  });
  await expect(after(TIMEOUT_MS, dial(request, never))).resolves.toMatchObject({
    timedOut: true,
    attempts: [
      { address: '192.0.2.1', error: undefined },
      { address: '192.0.2.2', error: { code: 'ECONNREFUSED' } },
      { address: '2001:db8::1', error: { code: 'ENETUNREACH' } },
    ],
  });
});

test('when all have failed, nobody waits for the time limit', async () => {
  const { request } = rig({ '192.0.2.1': 'ECONNREFUSED', '192.0.2.2': 'ECONNREFUSED' });
  await expect(after(10, dial(request, never))).resolves.toMatchObject({ timedOut: false });
});

test('a name that cannot be resolved has no addresses', async () => {
  const { request } = rig({});
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  const lookup = async () => {
    throw error;
  };
  await expect(dial({ ...request, lookup }, never)).resolves.toEqual({
    attempts: [],
    error,
    timedOut: false,
  });
});

test('a resolver that never answers costs the time limit, not more', async () => {
  const { request } = rig({});
  const dialled = dial({ ...request, lookup: () => new Promise(() => {}) }, never);
  await expect(after(TIMEOUT_MS, dialled)).resolves.toMatchObject({ timedOut: true, attempts: [] });
});

test('the signal ends it with its reason, and closes what was opened', async () => {
  const { request, tried } = rig({ '192.0.2.1': 'silence' });
  const controller = new AbortController();
  const reason = new Error('nobody waits any more');
  const outcome = dial(request, controller.signal).catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(1);
  controller.abort(reason);
  expect(await outcome).toBe(reason);
  expect(tried[0]?.socket.destroyed).toBe(true);
});
