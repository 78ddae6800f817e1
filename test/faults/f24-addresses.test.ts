import { NEXT_ADDRESS_DELAY_MS } from '../../sftp/connect/dial.ts';
import type { SftpServerSettings } from '../../sftp/settings.ts';
import { ipv6Missing, listenOnIpv6 } from '../support/network/ipv6-loopback.ts';
import { startSilentAddress } from '../support/network/silent-address.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { type PartnerRig, withPartner } from './support/partner-rig.ts';

const HOST = 'sftp.partner.test';
const HERE = '127.0.0.1';
/** Nobody listens there. */
const NOBODY = '127.0.0.2';
const SILENT = '127.0.0.3';
const IPV6 = '::1';
const CONNECT_TIMEOUT_MS = 15_000;

const resolvingTo = (...addresses: string[]): Partial<SftpServerSettings> => ({
  host: HOST,
  lookup: async () => addresses,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
});

async function landsWith(rig: PartnerRig, settings: Partial<SftpServerSettings>): Promise<number> {
  const { path, sha256 } = await rig.put('big.bin', 6 * MIB);
  const startedMs = performance.now();
  const { outcome, attempts } = await rig.transfer(rig.source(settings), {
    sftp_file_path: path,
    target_s3_key: 'big',
    max_concurrency: 2,
  });
  expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
  expect(await rig.store.hashOf('big')).toBe(sha256);
  expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toEqual([]);
  return (performance.now() - startedMs) / 1_000;
}

describeFault('F24', 'a host name with several addresses, and slow logins', (tell) => {
  test('a silent address before the right one: the next one is tried beside it', async () => {
    await withPartner(async (rig) => {
      const silent = await startSilentAddress(SILENT, rig.server.port);
      try {
        const seconds = await landsWith(rig, resolvingTo(SILENT, HERE));
        // Plan, copies and completion connect one after the other.
        expect(seconds).toBeGreaterThan((3 * NEXT_ADDRESS_DELAY_MS) / 1_000);
        tell(`one silent address: landed in ${seconds.toFixed(1)} s`);
      } finally {
        await silent.close();
      }
    });
  });

  test('one that refuses and one that is silent: each is named with what became of it', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', MIB);
      const silent = await startSilentAddress(SILENT, rig.server.port);
      try {
        const settings = { ...resolvingTo(NOBODY, SILENT), connectTimeoutMs: 300 };
        const { outcome } = await rig.transfer(rig.source(settings), { sftp_file_path: path });
        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpConnectionError' });
        const cause = 'cause' in outcome ? outcome.cause : '';
        expect(cause).toContain(`(${NOBODY}: connection refused; ${SILENT}: no answer)`);
        expect(cause).not.toContain('must allow');
        expect(rig.server.record.connections).toBe(0);
        tell('refused and silent: both named');
      } finally {
        await silent.close();
      }
    });
  });

  test('an address that refuses costs no time', async () => {
    await withPartner(async (rig) => {
      await landsWith(rig, resolvingTo(NOBODY, HERE));
      tell('one that refuses: landed');
    });
  });

  (ipv6Missing === undefined ? test : test.skip)(
    'IPv6: by name, by address, and after one that refuses',
    async () => {
      await withPartner(async (rig) => {
        // Nobody listens at ::1 yet: it refuses.
        await landsWith(rig, resolvingTo(IPV6, HERE));
        const stop = await listenOnIpv6(rig.server.port);
        try {
          await landsWith(rig, resolvingTo(IPV6));
          await landsWith(rig, { host: IPV6 });
          tell('IPv6: landed by name and by address');
        } finally {
          await stop();
        }
      });
    },
  );

  test('a name that nobody knows: said at once where somebody has typed it, else tried again', async () => {
    await withPartner(async (rig) => {
      const lookup = async () => {
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${HOST}`), { code: 'ENOTFOUND' });
      };
      const request = { sftp_file_path: '/big.bin' };
      const typed = await rig.transfer(rig.source({ host: HOST, lookup, isUnknownHostFinal: true }), request);
      expect(typed.outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
      expect(typed.attempts.filter(({ outcome: ended }) => ended === 'failed')).toHaveLength(1);
      const deployed = await rig.transfer(rig.source({ host: HOST, lookup }), request);
      expect(deployed.outcome).toMatchObject({ status: 'FAILED', error: 'SftpConnectionError' });
      const tries = deployed.attempts.filter(({ outcome: ended }) => ended === 'failed').length;
      expect(tries).toBeGreaterThan(1);
      tell('an unknown name: 1 attempt when typed, again in each turn when deployed');
    });
  });

  test('a login that takes its time: as long as the setting says', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('small.bin', 1_000);
      const held = new Promise<void>((resolve) => setTimeout(resolve, 2_000));
      const proxy = await startTcpProxy({
        targetPort: rig.server.port,
        clientHeldUntil: (connection) => (connection === 1 ? held : undefined),
      });
      try {
        const patient = rig.source({ port: proxy.port, loginTimeoutMs: 60_000 });
        const { outcome, attempts } = await rig.transfer(patient, {
          sftp_file_path: path,
          target_s3_key: 'slow',
        });
        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toEqual([]);
        tell('a login of 2 s: landed');
      } finally {
        await proxy.close();
      }
    });
  });
});
