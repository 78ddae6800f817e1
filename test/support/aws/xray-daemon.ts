import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Stands where Lambda has its X-Ray daemon, for functions that run in this process. */
export interface XrayDaemon {
  /** What Lambda sets for a function whose tracing is active, in an invocation that is sampled. */
  environment: Readonly<Record<string, string>>;
  /** The segments that the functions sent, as JSON texts. */
  received: readonly string[];
  close(): Promise<void>;
}

/** The header of every datagram of segments. */
const DATAGRAM_HEADER = '{"format":"json","version":1}\n';

export async function startXrayDaemon(): Promise<XrayDaemon> {
  const received: string[] = [];
  const socket = createSocket('udp4', (datagram) => {
    received.push(datagram.toString().replace(DATAGRAM_HEADER, ''));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    environment: {
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${socket.address().port}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: '/var/task',
      POWERTOOLS_TRACE_ENABLED: 'true',
      // It would replace the functions of http for all later tests of the process. Its segments show host and path.
      POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
      _X_AMZN_TRACE_ID: 'Root=1-65000000-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1',
    },
    received,
    async close() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
