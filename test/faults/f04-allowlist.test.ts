import { CANARY_LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS, DEFAULT_LOGIN_TIMEOUT_MS } from '../../sftp/settings.ts';
import { startTcpProxy, type TcpProxyOptions } from '../support/network/tcp-proxy.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const EGRESS_ADDRESSES = ['203.0.113.7', '203.0.113.8'];
/** For a server that is silent. */
const SHORT_LOGIN_TIMEOUT_MS = 300;

describeFault('F04', 'a server that does not know our address', (tell) => {
  afterEach(() => jest.restoreAllMocks());

  test.each<[string, NonNullable<TcpProxyOptions['faultOf']>, number, RegExp, number]>([
    [
      'silence',
      () => ({ afterBytes: 0, how: 'stall' }),
      SHORT_LOGIN_TIMEOUT_MS,
      /no answer after \d\.\d\d s/,
      1,
    ],
    [
      'a reset before the banner',
      () => ({ afterBytes: 0, how: 'reset' }),
      DEFAULT_LOGIN_TIMEOUT_MS,
      /connection reset after \d\.\d\d s/,
      3,
    ],
  ])(
    '%s: the error names the server, the time, and what to allow',
    async (name, faultOf, loginTimeoutMs, expected, connections) => {
      await withPartner(async (rig) => {
        const { path } = await rig.put('file.bin', 1);
        const proxy = await startTcpProxy({ targetPort: rig.server.port, faultOf });
        const { port } = proxy;
        const server = rig.source({
          port,
          egressAddresses: EGRESS_ADDRESSES,
          loginTimeoutMs,
          lostBeforeHandshakeMaxAttempts: CANARY_LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS, // as GetFileMetadata has it
        });

        const patience = { patienceMs: 0, turnMs: 1_000 };
        const { outcome } = await rig.transfer(server, { sftp_file_path: path }, { patience });
        await proxy.close();

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpConnectionError' });
        const cause = 'cause' in outcome ? outcome.cause : '';
        expect(cause).toContain(`127.0.0.1:${port}`);
        expect(cause).toMatch(expected);
        expect(cause).toContain(`the partner must allow ${EGRESS_ADDRESSES.join(', ')}`);
        expect(rig.server.record.attempts).toEqual([]);
        expect(proxy.connections).toBe(connections);
        expect(rig.front.count('CreateMultipartUpload')).toBe(0);
        tell(
          `${name}: ${proxy.connections} connections, SftpConnectionError with host, port, time and addresses`,
        );
      });
    },
  );
});
