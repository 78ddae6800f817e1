import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand } from '../support/command-line.ts';
import { type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';
import { findSecrets, type NamedSecrets } from '../support/secret-forms.ts';
import {
  keyThenPassword,
  passwordExpired,
  questionOnly,
  questionThenCode,
} from '../support/sftp/faulty-login.ts';
import {
  type FaultySftpServer,
  type SftpServerFaults,
  startFaultySftpServer,
} from '../support/sftp/faulty-sftp-server.ts';
import {
  AWS_SECRETS,
  key,
  PASSPHRASE,
  PASSWORD,
  plainKey,
  SECRETS,
  WRONG_PASSPHRASE,
  WRONG_PASSWORD,
} from '../support/sftp/login-secrets.ts';

/**
 * Everything that the command line wrote in a run (stdout, stderr, logs, the report, whatever it left in its folders) is
 * searched for everything that it was given to log in with.
 */

const USERNAME = 'partner';
const MIB = 1_048_576;

let root: string;
let server: FaultySftpServer;
let store: LandingStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-secrets-'));
  const outbound = join(root, 'outbound');
  await mkdir(outbound);
  await writeFile(join(outbound, 'Übersicht 1.bin'), randomBytes(MIB));
  for (const [name, text] of Object.entries({ key, plainKey })) {
    await writeFile(join(root, name), text.private);
  }
  await writeFile(join(root, 'garbage'), `-----BEGIN RSA PRIVATE KEY-----\n${PASSPHRASE}\n${PASSWORD}\n`);
  store = await startLandingStore(join(root, 's3'));
  server = await startFaultySftpServer({
    rootDirectory: outbound,
    username: USERNAME,
    password: PASSWORD,
    publicKey: key.public,
  });
});

afterAll(async () => {
  await store?.close();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

beforeEach(() => {
  for (const fault of Object.keys(server.faults)) delete server.faults[fault as keyof SftpServerFaults];
});

interface Run {
  exitCode: number | null;
  /** Of the files that the run left, by their path; and `stdout` and `stderr`. */
  written: Record<string, string>;
}

/** Runs a command in folders of its own, and reads everything that it wrote. */
async function run(args: readonly string[], credentials: NamedSecrets): Promise<Run> {
  const folder = await mkdtemp(join(root, 'run-'));
  const environment = {
    ...store.environment,
    ...AWS_SECRETS,
    HOME: folder,
    TMPDIR: folder,
    // Our own code, compiled: the same for all runs.
    NODE_COMPILE_CACHE: join(root, 'compiled'),
    ...credentials,
  };
  const { exitCode, stdout, stderr } = await runCommand(args, environment, undefined, folder);
  const left = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = left.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const),
  );
  return { exitCode, written: { stdout, stderr, ...Object.fromEntries(contents) } };
}

/** What a command shows; where unfinished uploads are written down it shows nothing, and no secret may be there either. */
function shownIn(written: Run['written']): string[] {
  return Object.keys(written).filter((name) => name !== '.sftp-to-s3/uploads.sqlite');
}

function secretsIn({ written }: Run): string[] {
  return Object.entries(written).flatMap(([where, text]) =>
    findSecrets(SECRETS, text).map((found) => `${where}: ${found}`),
  );
}

const source = (path = '/%C3%9Cbersicht%201.bin') =>
  `sftp://${USERNAME}@${server.host}:${server.port}${path}`;
const pinned = () => ['--host-key', server.hostKeyFingerprint];
const file = (name: string) => ['--identity-file', join(root, name)];
const password = ['--password-env', 'SFTP_PASSWORD'];
const passphrase = ['--identity-passphrase-env', 'KEY_PASSPHRASE'];
const right = { SFTP_PASSWORD: PASSWORD, KEY_PASSPHRASE: PASSPHRASE };

interface Login {
  options: () => string[];
  given: NamedSecrets;
  faults?: SftpServerFaults;
}

const LOGINS = {
  'a password': { options: () => password, given: right },
  'the answer to a question': { options: () => password, given: right, faults: { login: questionOnly } },
  'an encrypted key': { options: () => [...file('key'), ...passphrase], given: right },
  'a key, then a password': {
    options: () => [...file('key'), ...passphrase, ...password],
    given: right,
    faults: { login: keyThenPassword },
  },
} satisfies Record<string, Login>;

const REFUSALS = {
  'a wrong password': { options: () => password, given: { SFTP_PASSWORD: WRONG_PASSWORD } },
  'a wrong key, and a wrong password': {
    options: () => [...file('plainKey'), ...password],
    given: { SFTP_PASSWORD: WRONG_PASSWORD },
  },
  'a question more': { options: () => password, given: right, faults: { login: questionThenCode } },
  'an expired password': { options: () => password, given: right, faults: { login: passwordExpired } },
} satisfies Record<string, Login>;

/** Nothing of these is sent to the server. */
const UNUSABLE_KEYS = {
  'a wrong passphrase': {
    options: () => [...file('key'), ...passphrase],
    given: { KEY_PASSPHRASE: WRONG_PASSPHRASE },
  },
  'a file that is no key': { options: () => [...file('garbage'), ...passphrase], given: right },
} satisfies Record<string, Login>;

type Case = [name: string, login: Login, told: string, exitCode: number, options?: () => string[]];

const FAILURES: Case[] = [
  ...Object.entries(REFUSALS).map(([name, login]): Case => [name, login, 'SftpAuthenticationError', 1]),
  ...Object.entries(UNUSABLE_KEYS).map(
    ([name, login]): Case => [name, login, 'InvalidTransferRequestError', 1],
  ),
  [
    'a host key that is not pinned',
    LOGINS['a key, then a password'],
    'HostKeyMismatchError',
    1,
    () => ['--host-key', `SHA256:${'x'.repeat(43)}`],
  ],
];

describe('transfer', () => {
  const transfer = async (login: Login, options: readonly string[], target = 's3://landing/in/') => {
    Object.assign(server.faults, login.faults);
    const args = ['transfer', source(), target, '--endpoint-url', store.endpoint, ...login.options()];
    return run([...args, '--verbose', '--report', 'report.html', ...options], login.given);
  };

  test.each<Case>([
    ...Object.entries(LOGINS).map(([name, login]): Case => [name, login, 'SUCCEEDED', 0]),
    ...FAILURES,
    [
      'a chunk that fails',
      { ...LOGINS['a password'], faults: { sizeOf: () => 2 * MIB } },
      'SourceChangedError',
      1,
    ],
    [
      'a file that may not be opened',
      { ...LOGINS['a password'], faults: { isUnreadable: () => true } },
      'SourcePermissionError',
      1,
    ],
  ])('%s', async (_name, login, told, exitCode, options = pinned) => {
    const [asJson, forPeople] = await Promise.all([
      transfer(login, [...options(), '--json']),
      transfer(login, options()),
    ]);

    expect(asJson.exitCode).toBe(exitCode);
    expect(asJson.written.stdout).toContain(`"${exitCode === 0 ? 'status' : 'error'}":"${told}"`);
    if (exitCode === 0) {
      expect(asJson.written.stderr).toContain('"level":"METRIC"');
      expect(forPeople.written.stdout).toContain('Landed: s3://landing/in/Übersicht 1.bin');
    } else {
      expect(forPeople.written.stdout).toContain(`Failed: ${told}`);
    }
    for (const { written } of [asJson, forPeople]) {
      expect(shownIn(written)).toEqual(['stdout', 'stderr', 'report.html']);
      expect(written['report.html']).toContain('/Übersicht 1.bin');
    }
    expect([...secretsIn(asJson), ...secretsIn(forPeople)]).toEqual([]);
  });

  test('a bucket that S3 does not know', async () => {
    const result = await transfer(LOGINS['a password'], [...pinned(), '--json'], 's3://nowhere/in/');

    expect(result.written.stdout).toContain('there is no bucket nowhere');
    expect(secretsIn(result)).toEqual([]);
  });
});

describe('check', () => {
  test.each<Case>([['a healthy server', LOGINS['a key, then a password'], 'HEALTHY', 0], ...FAILURES])(
    '%s',
    async (_name, login, told, exitCode, options = pinned) => {
      Object.assign(server.faults, login.faults);
      const args = ['check', source(), ...login.options(), ...options()];
      const [asJson, forPeople] = await Promise.all([
        run([...args, '--json'], login.given),
        run(args, login.given),
      ]);

      expect([asJson.exitCode, forPeople.exitCode]).toEqual([exitCode, exitCode]);
      expect(asJson.written.stdout).toContain(`"${exitCode === 0 ? 'status' : 'error'}":"${told}"`);
      expect(forPeople.written.stdout).toMatch(/^(ok|FAILED) +configuration /);
      for (const { written } of [asJson, forPeople]) expect(shownIn(written)).toEqual(['stdout', 'stderr']);
      expect([...secretsIn(asJson), ...secretsIn(forPeople)]).toEqual([]);
    },
  );
});

describe('a secret given where it does not belong is not repeated', () => {
  test.each<[string, (login: string) => string[], string]>([
    ['in the URL', () => [`sftp://me:${encodeURIComponent(PASSWORD)}@host/file`], '--password-env NAME'],
    ['in the URL, with a # in it', () => [`sftp://me:#${PASSWORD}@host/file`], '# as %23'],
    ['in the URL, with a / in it', () => [`sftp://me:p/${PASSWORD}@host/file`], 'is not of the form'],
    ['in the URL, with a ? in it', () => [`sftp://me:?${PASSWORD}@host/file`], 'write ? as %3F'],
    ['in a URL of another kind', () => [`ssh://me:${PASSWORD}@host/file`], 'is not of the form'],
    ['in a URL without its beginning', () => [`me:${PASSWORD}@host:/file`], 'is not of the form'],
    ['instead of its variable', (url) => [url, '--password-env', PASSWORD], '--password-env'],
    ['instead of its file', (url) => [url, '--identity-file', plainKey.private], '--identity-file'],
    ['as an option of ssh', (url) => [url, `--password=${PASSWORD}`], "unknown option '--password'"],
  ])('%s', async (_name, args, told) => {
    const [url = '', ...options] = args('sftp://me@host/file');
    const pin = ['--host-key', `SHA256:${'x'.repeat(43)}`];

    const result = await run(['transfer', url, 's3://landing/key', ...pin, ...options], {});

    expect(result.exitCode).toBe(2);
    expect(result.written.stderr).toContain(told);
    expect(secretsIn(result)).toEqual([]);
  });
});
