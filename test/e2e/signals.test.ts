import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CREDENTIALS } from '../support/aws/deployed-partners.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { configureOnePartner } from '../support/one-partner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// Whatever a command waits for when it is ended: it ends at once, with one exit code, and one object with --json.

const folder = temporaryDirectory();
const STACK = /^\s+at /m;
const SOMEWHERE = 'arn:aws:states:eu-central-1:123456789012:execution:sftp-to-s3-acme:nightly';
let silent: Server;
let port: number;
let configuration: Record<string, string>;
let sockets: Socket[] = [];
let onConnection: () => void = () => {};

beforeAll(async () => {
  silent = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    onConnection();
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  port = (silent.address() as AddressInfo).port;
  configuration = configureOnePartner(join(folder, 'config.json'), {
    expectations: [
      { name: 'orders', path: '/out/orders.csv', by: '06:00', timeZone: 'Europe/Berlin', days: ['mon'] },
    ],
    folders: [{ name: 'daily', path: '/out' }],
  });
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
    ...configuration,
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
