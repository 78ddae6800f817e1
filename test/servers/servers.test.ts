import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerCheckReport } from '../../doctor/report.ts';
import { runCommand } from '../support/command-line.ts';
import { findFreePort } from '../support/network/free-port.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { MIB, startTransferRig, type TransferRig } from '../support/transfer-rig.ts';
import { PEERS } from './peers.ts';
import type { Capability, Peer } from './rig/peer.ts';
import type { ServerProcess } from './rig/server-process.ts';
import { sha256Of } from './rig/sha256-of.ts';
import { makeSite, type Site } from './rig/site.ts';

/** Three parts of 5 MiB, and a last one of 3 bytes. */
const FILE_SIZE_BYTES = 15 * MIB + 3;
const CHUNK_SIZE = '5MiB';

describe.each(PEERS.map((peer) => [peer.name, peer] as const))('%s', (_name, peer) => {
  describeUnless(peer.missing, 'as a partner', () => describePeer(peer));
});

function describePeer(peer: Peer): void {
  let site: Site;
  let server: ServerProcess;
  let port: number;
  let rig: TransferRig;

  beforeAll(async () => {
    rig = await startTransferRig();
    site = makeSite();
    port = await findFreePort();
    server = await peer.start(site, port);
  });
  afterAll(async () => {
    await server?.stop();
    await rig?.close();
    site?.remove();
  });

  /** Writes random bytes into the served folder. */
  function put(name: string, sizeBytes: number): { path: string; sha256: string } {
    const bytes = randomBytes(sizeBytes);
    writeFileSync(join(site.folder, name), bytes, { mode: 0o644 });
    return { path: remotePath(name), sha256: sha256Of(bytes) };
  }

  function remotePath(name: string): string {
    const file = join(site.folder, name);
    return peer.remotePath?.(site, file) ?? file;
  }

  /** A command of the product for a file of this server, in a process of its own. */
  function run(command: string, path: string, ...args: string[]) {
    const url = `sftp://${site.username}@127.0.0.1:${port}${encodeURI(path)}`;
    const login = ['--identity-file', site.userKeyFile, '--host-key', site.hostKeyFingerprint];
    return runCommand([command, url, ...args, ...login, '--json'], rig.store.environment);
  }

  /** A transfer in this process, and its looks at the server before anything is moved. */
  async function transfer(path: string, privateKey = site.userKey) {
    const credentials = async () => ({ username: site.username, privateKey });
    const { hostKeyFingerprint } = site;
    const source = sourceOf({ host: '127.0.0.1', port, hostKeyFingerprint }, { credentials });
    const { outcome, attempts } = await rig.transfer(source, { sftp_file_path: path });
    return { outcome, looks: attempts.filter(({ step }) => step === 'GetFileMetadata') };
  }

  /** The transfer lands, or ends as the peer's lack of the capability says, in its words. */
  async function expectEnd(
    capability: Capability,
    file: { path: string; sha256: string },
    privateKey?: string,
  ) {
    const { outcome, looks } = await transfer(file.path, privateKey);
    const lack = peer.lacks?.[capability];
    if (lack === undefined) {
      expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
      await expect(rig.store.hashOf(`partner${file.path}`)).resolves.toBe(file.sha256);
    } else {
      expect(outcome).toMatchObject({
        status: 'FAILED',
        error: lack.error,
        cause: expect.stringMatching(lack.says),
      });
      if (lack.isRetried) expect(looks.length).toBeGreaterThan(1);
      else expect(looks).toHaveLength(1);
    }
  }

  test('a file of several parts lands whole, by the command line', async () => {
    const { path, sha256 } = put('big.bin', FILE_SIZE_BYTES);
    const store = [
      '--endpoint-url',
      rig.store.endpoint,
      '--chunk-size',
      CHUNK_SIZE,
      '--max-concurrency',
      '3',
    ];

    const { exitCode, stderr } = await run('transfer', path, `s3://${BUCKET}/whole/big.bin`, ...store);

    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    await expect(rig.store.hashOf('whole/big.bin')).resolves.toBe(sha256);
    await expect(rig.store.openUploads()).resolves.toEqual([]);
  });

  test('check finds it healthy', async () => {
    const { path } = put('checked.bin', FILE_SIZE_BYTES);

    const { exitCode, json } = await run('check', path);
    const { status, stages } = json() as unknown as ServerCheckReport;

    expect(stages.filter(({ verdict }) => verdict !== 'ok').map(({ stage }) => stage)).toEqual(
      peer.checkWarnings ?? [],
    );
    expect(status).toBe('HEALTHY');
    expect(exitCode).toBe(0);
  });

  test('a file without a byte lands as an empty object', async () => {
    const { path, sha256 } = put('empty.bin', 0);

    await expect(transfer(path)).resolves.toMatchObject({ outcome: { status: 'SUCCEEDED' } });

    await expect(rig.store.hashOf(`partner${path}`)).resolves.toBe(sha256);
  });

  test('a name with blanks, quotes and percent signs is asked for as it is', () =>
    expectEnd('odd-names', put(`it's "100 %" \\ (1).bin`, 1_000)));

  test('a name that is not ASCII', () => expectEnd('non-ascii-names', put('Größe 7 – 測試.bin', 1_000)));

  test('a login by an RSA key', () => expectEnd('rsa-login', put('rsa.bin', 1_000), site.rsaUserKey));

  test('a file that is not there is said at the first attempt', async () => {
    const { outcome, looks } = await transfer(remotePath('absent.bin'));

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceNotFoundError' });
    expect(looks).toHaveLength(1);
  });

  test('a folder is said at the first attempt', async () => {
    mkdirSync(join(site.folder, 'folder'), { recursive: true });

    const { outcome, looks } = await transfer(remotePath('folder'));

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceNotAFileError' });
    expect(looks).toHaveLength(1);
  });
}
