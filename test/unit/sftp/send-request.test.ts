import { getEventListeners } from 'node:events';
import type { SFTPWrapper } from 'ssh2';
import { type RequestScene, sendRequest } from '../../../sftp/send-request.ts';

const connection = {
  sftp: {} as SFTPWrapper,
  socket: { destroyed: false },
  monitor: { silentMs: () => 0 },
} as unknown as Parameters<typeof sendRequest>[0];

function scene(signal: AbortSignal): RequestScene {
  return { url: 'sftp://127.0.0.1', path: '/f', idleTimeoutMs: 60_000, signal };
}

afterEach(() => {
  jest.useRealTimers();
});

test.each([
  [
    'an answer',
    (done: (error: null, answer: string) => void) => done(null, 'answer'),
    (request: Promise<string>) => expect(request).resolves.toBe('answer'),
  ],
  [
    'what is not sent at all',
    () => {
      throw new Error('handle is not a Buffer');
    },
    (request: Promise<string>) => expect(request).rejects.toThrow('handle is not a Buffer'),
  ],
])('after %s nothing is waited for: no timer, no listener', async (_name, send, proves) => {
  jest.useFakeTimers();
  const { signal } = new AbortController();

  await proves(sendRequest(connection, scene(signal), send));

  expect(jest.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
