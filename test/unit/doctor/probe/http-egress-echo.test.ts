import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpEgressEcho } from '../../../../doctor/probe/http-egress-echo.ts';

const never = new AbortController().signal;
let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function seenBy(listener: RequestListener, timeoutMs?: number) {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new HttpEgressEcho(`http://127.0.0.1:${port}/`, timeoutMs).seenAddress(never);
}

const answering =
  (body: string, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(body);

test.each([
  ['plain text with a line end', '203.0.113.7\n'],
  ['JSON', '{"ip":"203.0.113.7","country":"DE"}'],
])('takes the address from %s', async (_name, body) => {
  expect(await seenBy(answering(body))).toEqual({ address: '203.0.113.7' });
});

test.each<[string, RequestListener, string]>([
  ['an error', answering('203.0.113.7', 503), 'status 503'],
  ['a page', answering('<html>203.0.113.7</html>'), 'no IPv4 address'],
  ['an endless page', (_request, response) => void response.write('x'.repeat(5_000)), 'no IPv4 address'],
  ['an IPv6 address', answering('2001:db8::1'), 'no IPv4 address'],
  ['JSON without the field', answering('{"address":"203.0.113.7"}'), 'no IPv4 address'],
  ['nothing', answering(''), 'no IPv4 address'],
  [
    'a proxy that sends us elsewhere',
    (_r, response) => response.writeHead(302, { location: '/login' }).end(),
    'status 302',
  ],
  ['a lost connection', (request) => request.socket.destroy(), 'other side closed'],
])('%s is a reason, not an address', async (_name, listener, reason) => {
  expect(await seenBy(listener)).toEqual({ failure: expect.stringContaining(reason) });
});

test('silence ends after the time that an answer has', async () => {
  expect(await seenBy(() => {}, 50)).toEqual({ failure: expect.stringContaining('timeout') });
});
