import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CREDENTIALS } from '../support/aws/deployed-partners.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// Whatever a command waits for when it is ended: it ends at once, with one exit code, and one object with --json.

const folder = temporaryDirectory();
const STACK = /^\s+at /m;
const SOMEWHERE = 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly';
let silent: Server;
let port: number;
let sockets: Socket[] = [];
let onConnection: () => void = () => {};

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    onConnection();
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  port = (silent.address() as AddressInfo).port;
  writeFileSync(join(folder, 'password'), 'secret');
  const partner = {
    name: 'acme',
    host: 'sftp.acme.example',
    hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
    allowedCidrs: ['192.0.2.0/24'],
    expectations: [
      { name: 'orders', path: '/out/orders.csv', by: '06:00', timeZone: 'Europe/Berlin', days: ['mon'] },
    ],
    folders: [{ name: 'daily', path: '/out' }],
  };
  const configuration = { name: 'sftp-to-s3', region: 'eu-central-1', partners: [partner] };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration));
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(() => new Promise((resolve) => silent.close(resolve)));

/** Ends a command by the signal as soon as it asks a server that never answers. */
async function ended(signal: NodeJS.Signals, args: readonly string[]): Promise<CommandResult> {
  let kill = (): void => {};
  onConnection = () => kill();
  const environment = {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
    SFTP_TO_S3_CONFIG: join(folder, 'config.json'),
    SFTP_PASSWORD: 'secret',
    HOME: folder,
  };
  return runCommand(args, environment, (child) => {
    kill = () => child.kill(signal);
  });
}

const url = () => `sftp://ours@127.0.0.1:${port}/out/`;
const login = ['--host-key', `SHA256:${'x'.repeat(43)}`, '--password-env', 'SFTP_PASSWORD'];

test.each<[string, () => string[]]>([
  ['check of a partner', () => ['check', 'acme']],
  ['check of a URL', () => ['check', url(), ...login]],
  ['list', () => ['list']],
  ['history', () => ['history', SOMEWHERE]],
  ['watch', () => ['watch', SOMEWHERE]],
  ['stop', () => ['stop', SOMEWHERE]],
  ['pause', () => ['pause', 'acme']],
  ['ledger', () => ['ledger', 'acme', 'daily']],
  ['ledger --hold', () => ['ledger', 'acme', 'daily', '--hold', 'a.csv']],
  ['expected', () => ['expected', 'acme']],
  ['pull', () => ['pull', url(), 's3://landing/', ...login]],
  ['transfer', () => ['transfer', `${url()}a.bin`, 's3://landing/', ...login]],
])('%s is ended by SIGINT and SIGTERM alike', async (_name, args) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { exitCode, stdout, stderr } = await ended(signal, [...args(), '--json']);
    expect({ signal, exitCode, stderr }).toEqual({
      signal,
      exitCode: 130,
      stderr: expect.not.stringMatching(STACK),
    });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([expect.stringMatching(/^\{.*\}$/)]);
  }
});

test.each<[string, () => string[]]>([
  ['letter', () => ['letter', 'acme']],
  ['report', () => ['report', SOMEWHERE, '--output', join(folder, 'report.html')]],
  ['ledger', () => ['ledger', 'acme', 'daily']],
  ['check of a URL', () => ['check', url(), ...login]],
])('%s says that it was stopped', async (_name, args) => {
  const { exitCode, stderr } = await ended('SIGINT', args());
  expect({ exitCode, stderr }).toEqual({
    exitCode: 130,
    stderr: expect.stringMatching(/^Stopp(ed|ing)\.$/m),
  });
  expect(stderr).not.toMatch(STACK);
});
