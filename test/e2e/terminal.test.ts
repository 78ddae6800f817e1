import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedSftpServer, startSftpServer } from '../../local/sftp-server/sftp-server.ts';
import { MIB } from '../../transfer/text/units.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';
import { type S3FaultFront, startS3FaultFront } from '../support/s3/s3-fault-front.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Terminal, terminalMissing } from '../support/terminal.ts';

const BIN = path.join(import.meta.dirname, '../../bin/sftp-to-s3.js');
const PASSWORD = 'correct horse';
/** Two presses closer together than this are taken for one. */
const BETWEEN_PRESSES_MS = 800;

jest.setTimeout(120_000);

describeUnless(terminalMissing(), 'what a user sees in a real terminal', () => {
  const root = temporaryDirectory();
  const terminals: Terminal[] = [];
  let server: EmbeddedSftpServer;
  let store: LandingStore;
  let front: S3FaultFront;
  /** Reads of the second half, and the end of an upload, wait while these are pending. */
  let readsHeld: Promise<void> = Promise.resolve();
  let abortHeld: Promise<void> = Promise.resolve();
  let refusals = 0;

  beforeAll(async () => {
    const folder = path.join(root, 'outbound');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'big.bin'), randomBytes(24 * MIB));
    server = await startSftpServer({
      rootDirectory: folder,
      username: 'ours',
      password: PASSWORD,
      hooks: {
        read: async ({ offsetBytes, lengthBytes }, read) => {
          if (offsetBytes > 12 * MIB) await readsHeld;
          return read(lengthBytes);
        },
      },
    });
    store = await startLandingStore(path.join(root, 's3'));
    front = await startS3FaultFront(store.endpoint, ({ operation }) => {
      if (operation === 'AbortMultipartUpload') return { what: 'hold', until: abortHeld };
      if (operation !== 'CompleteMultipartUpload' || refusals === 0) return undefined;
      refusals -= 1;
      return { what: 'refuse', status: 503 };
    });
  });

  afterAll(async () => {
    for (const terminal of terminals) terminal.close();
    await front?.close();
    await store?.close();
    await server?.close();
  });

  const transfer = (key: string, columns: number) => started(columns, 'transfer', '/big.bin', key);

  /** A command that copies from the server's path into the bucket. */
  function started(columns: number, command: string, from: string, to: string, ...more: string[]): Terminal {
    const terminal = new Terminal(
      [
        ...[process.execPath, BIN, command],
        ...[`sftp://ours@127.0.0.1:${server.port}${from}`, `s3://landing/${to}`],
        ...['--host-key', server.hostKeyFingerprint, '--password-env', 'SFTP_PASSWORD'],
        ...['--endpoint-url', front.endpoint, '--chunk-size', '5MiB', '--max-concurrency', '2', ...more],
      ],
      { columns, environment: { ...store.environment, HOME: root, SFTP_PASSWORD: PASSWORD }, folder: root },
    );
    terminals.push(terminal);
    return terminal;
  }

  /** Ctrl-C twice, while the upload cannot be removed. @returns the upload that is left */
  async function leaveAtOnce(terminal: Terminal, held: { resolve(): void }): Promise<string | undefined> {
    terminal.pressCtrlC();
    await terminal.shows(/Press Ctrl-C again/);
    await sleep(BETWEEN_PRESSES_MS);
    terminal.pressCtrlC();
    expect(await terminal.end()).toBe(130);
    const [uploadId] = await store.openUploads();
    held.resolve();
    return uploadId;
  }

  test.each([80, 120])('Ctrl-C at %d columns: nothing is printed over anything else', async (columns) => {
    const held = Promise.withResolvers<void>();
    readsHeld = held.promise;
    const terminal = transfer(`once-${columns}`, columns);
    await terminal.shows(/^[1-9]\d?% \|/m);
    terminal.pressCtrlC();
    expect(await terminal.end()).toBe(130);
    held.resolve();

    const [bar, ...rest] = terminal.screen();
    // The terminal itself writes ^C; a bar that is redrawn in that moment takes it away again.
    expect(bar).toMatch(/^\d+% \| .* of 24.0 MiB \| [^^]*(\^C)?$/);
    expect(rest).toEqual([
      'Stopping: aborting the upload. Press Ctrl-C again to leave it behind.',
      'Stopped.',
      '  No object was made.',
      '  No upload is left: S3 was asked.',
    ]);
    expect(terminal.isInOrder).toBe(true);
  });

  test.each([80, 120])(
    'Ctrl-C twice at %d columns: the whole command that removes what is left',
    async (columns) => {
      const held = Promise.withResolvers<void>();
      readsHeld = held.promise;
      abortHeld = held.promise;
      const key = `twice-${columns}`;
      const terminal = transfer(key, columns);
      await terminal.shows(/^[1-9]\d?% \|/m);
      const uploadId = await leaveAtOnce(terminal, held);
      const seen = terminal.screen();
      const from = seen.findIndex((line) => line.startsWith('Left without checking.'));
      expect(from).toBeGreaterThan(0);
      // A terminal breaks a long command at its edge; what is copied from it is one line.
      expect(seen.slice(from).join('')).toContain(
        `aws s3api abort-multipart-upload --endpoint-url '${front.endpoint}' --bucket landing --key '${key}' --upload-id '${uploadId}'`,
      );
      expect(terminal.isInOrder).toBe(true);
    },
  );

  test('pull of the root: progress of files and bytes, and after Ctrl-C twice the upload of the large file', async () => {
    const held = Promise.withResolvers<void>();
    readsHeld = held.promise;
    abortHeld = held.promise;
    const terminal = started(80, 'pull', '/', 'pulled', '--quiet-seconds', '0');
    await terminal.shows(/^[1-9]\d?% \| files 0\/1 \| \d+\.\d MiB of 24\.0 MiB/m);
    const uploadId = await leaveAtOnce(terminal, held);
    expect(terminal.screen().join('')).toContain(
      `--bucket landing --key 'pulled/big.bin' --upload-id '${uploadId}'`,
    );
    expect(terminal.isInOrder).toBe(true);
  });

  test('pull of the home folder lands its files, and its bar is gone when the summary comes', async () => {
    readsHeld = Promise.resolve();
    const ledger = path.join(root, 'home.sqlite');
    const terminal = started(80, 'pull', '/~/', 'home', '--quiet-seconds', '0', '--ledger', ledger);
    expect(await terminal.end()).toBe(0);
    const seen = terminal.screen();
    expect(seen.at(-3)).toMatch(/^100% \| files 1\/1 \| 24\.0 MiB of 24\.0 MiB .* completing/);
    expect(seen.slice(-2).join(' ')).toMatch(
      /^1 copied \(24\.0 MiB\), 0 landed before, 0 not ready, 0 ignored, 0 failed; [\d.]+ s, \d logins?$/,
    );
  });

  test('check shows the stage that it waits for, and nothing of that when it is over', async () => {
    const sockets: Socket[] = [];
    let isSilent = true;
    const answer = (socket: Socket): unknown => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const silent = createServer((socket) => {
      sockets.push(socket);
      if (!isSilent) answer(socket);
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const terminal = new Terminal([process.execPath, BIN, 'check', `sftp://ours@127.0.0.1:${port}/`], {
      columns: 80,
      environment: { HOME: root },
      folder: root,
    });
    terminals.push(terminal);
    await terminal.shows(/^\.\.\. {6}banner +\d+ s$/m);
    isSilent = false;
    sockets.forEach(answer);
    await terminal.end();
    silent.close();

    expect(terminal.screen().filter((line) => line.startsWith('...'))).toEqual([]);
    expect(terminal.screen().filter((line) => /^(ok|FAILED) /.test(line))).toEqual([
      expect.stringMatching(/^ok +configuration /),
      expect.stringMatching(/^ok +dns /),
      expect.stringMatching(/^ok +tcp /),
      expect.stringMatching(/^FAILED +banner /),
    ]);
  });

  test('what is noted in the middle stays, and the result is below it', async () => {
    const held = Promise.withResolvers<void>();
    readsHeld = held.promise;
    const terminal = transfer('noted', 80);
    await terminal.shows(/^[1-9]\d?% \|/m);
    refusals = 4;
    held.resolve();
    expect(await terminal.end()).toBe(0);

    const seen = terminal.screen();
    const note = seen.findIndex((line) => line.startsWith('CompleteUpload failed: UploadFailedError'));
    const bar = seen.findIndex((line) => line.startsWith('100% |'));
    const landed = seen.indexOf('Landed: s3://landing/noted');
    expect(note).toBeGreaterThanOrEqual(0);
    expect([note < bar, bar + 1]).toEqual([true, landed]);
    expect(seen[landed + 1]).toMatch(/^ {2}25165824 bytes in 5 chunks, .*\/s, \d+ (retry|retries)$/);
    expect(terminal.isInOrder).toBe(true);
  });
});
