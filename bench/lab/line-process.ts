import { startTcpProxy } from '../../test/support/network/tcp-proxy.ts';
import { tellReady } from './ready-process.ts';

/** `line-process.ts <target port> <round trip in ms>`: a long line to a port of this machine. */
const [targetPort, roundTripMs] = process.argv.slice(2).map(Number);
if (targetPort === undefined || roundTripMs === undefined)
  throw new Error('usage: <target port> <round trip in ms>');
const proxy = await startTcpProxy({ targetPort, delayMs: roundTripMs / 2 });
tellReady({ port: proxy.port });
