import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type S3Server, startS3Server } from '../../local/s3-server/server.ts';
import { hashFile, hashStream, writeSampleFile } from '../../local/sample-file.ts';
import { createS3Client } from '../../s3/client.ts';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MIB = 1024 ** 2;
const SMALL_FILES = 1_000;
/** Two parts each; the sizes of real life take the same path, and only longer. */
const LARGE_FILES = ['large-1.bin', 'large-2.bin', 'large-3.bin'];
const LARGE_BYTES = 60 * MIB;
const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };
const STORE = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const LONG_AGO = 1_500_000_000;

jest.setTimeout(300_000);

describeUnless(sshdMissing, 'pulling a folder of OpenSSH by the command line', () => {
  const parent = temporaryDirectory();
  let sshd: Sshd;
  let store: S3Server;
  let s3: S3Client;
  let folder: string;
  let ledgerFile: string;

  beforeAll(async () => {
    sshd = await startSshd();
    writeFileSync(path.join(parent, 'key'), sshd.privateKey, { mode: 0o600 });
    store = await startS3Server({ directory: path.join(parent, 's3') });
    s3 = createS3Client({ endpoint: store.endpoint, ...STORE });
  });

  afterAll(async () => {
    s3?.destroy();
    await store?.close();
    await sshd?.stop();
  });
  let bucket: string;
  let buckets = 0;
  let growing: NodeJS.Timeout | undefined;
  afterEach(() => clearInterval(growing));
  beforeEach(async () => {
    const home = mkdtempSync(path.join(parent, 'case-'));
    folder = path.join(home, 'outbound');
    mkdirSync(folder);
    ledgerFile = path.join(home, 'ledger.sqlite');
    buckets += 1;
    bucket = `landing-${buckets}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });

  const pullFrom = (environment: Record<string, string>, ...args: string[]): Promise<CommandResult> =>
    runCommand(
      [
        'pull',
        `sftp://${sshd.username}@${sshd.host}:${sshd.port}${folder}`,
        `s3://${bucket}/`,
        ...['--host-key', sshd.hostKeyFingerprint, '--identity-file', path.join(parent, 'key')],
        ...['--ledger', ledgerFile, '--json', ...args],
      ],
      { ...LOCAL, ...environment },
    );
  const pull = (...args: string[]) => pullFrom({}, '--endpoint-url', store.endpoint, ...args);
  const logins = async (): Promise<number> => (await sshd.logged()).split('Accepted publickey').length - 1;
  const at = (name: string | Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
  const put = (name: string | Buffer, content = String(name), mtime = 1_700_000_000): void => {
    writeFileSync(at(name), content);
    utimesSync(at(name), mtime, mtime);
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
      found.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found.sort();
  };
  const open = async (key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body as AsyncIterable<Uint8Array>;
  const textOf = async (key: string): Promise<string> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of await open(key)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  /** The lines of a dry run by path, `outcome (reason)`. */
  const table = ({ stdout }: CommandResult): Map<string, string> =>
    new Map(
      stdout
        .split('\n')
        .filter((line) => line.includes(' "'))
        .map((line) => {
          const [, outcome = '', name = ''] = /^(\S+(?: \([^)]*\))?) +("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
          return [JSON.parse(name) as string, outcome];
        }),
    );

  const LATIN = Buffer.from([0x6d, 0xfc, 0x6c, 0x6c]); // müll
  const COMPOSED = 'caf\u00e9.csv';
  const DECOMPOSED = 'cafe\u0301.csv';

  test('a folder of everything that partners leave there: what is new lands once, the rest is named', async () => {
    for (let n = 0; n < SMALL_FILES; n += 1) put(`small-${n}.csv`, `row ${n}\n`.repeat((n % 50) + 1));
    for (const name of LARGE_FILES) {
      await writeSampleFile(path.join(folder, name), LARGE_BYTES);
      utimesSync(path.join(folder, name), LONG_AGO, LONG_AGO);
    }
    put('upload.part');
    put('.hidden');
    put('two\nlines.csv');
    put(COMPOSED, 'composed');
    put(DECOMPOSED, 'decomposed');
    put(LATIN);
    symlinkSync('.', path.join(folder, 'loop'));
    symlinkSync('nowhere', path.join(folder, 'dangling'));
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    for (const one of ['a', 'b']) {
      mkdirSync(path.join(folder, one));
      put(`${one}/same.csv`, one);
    }
    put('growing.csv');
    let growth = 0;
    growing = setInterval(() => {
      growth += 1;
      appendFileSync(path.join(folder, 'growing.csv'), `${growth}\n`);
    }, 100);
    const settings = ['--quiet-seconds', '1', '--max-depth', '1', '--target', '{name}'];

    const dry = await pull('--dry-run', ...settings);
    expect(table(dry)).toEqual(
      new Map(
        [
          ...Array.from({ length: SMALL_FILES }, (_, n) => [`small-${n}.csv`, 'not-ready (first-look)']),
          ...LARGE_FILES.map((name) => [name, 'not-ready (first-look)']),
          ...['two\nlines.csv', COMPOSED, DECOMPOSED, 'growing.csv'].map((name) => [
            name,
            'not-ready (first-look)',
          ]),
          ['upload.part', 'ignored-temporary'],
          ['.hidden', 'ignored-temporary'],
          ['m\\xFCll', 'bad-name (not-utf-8)'],
          ['loop', 'link'],
          ['dangling', 'link'],
          ['pipe', 'not-a-file (pipe, socket or device)'],
          ['a', 'not-a-file (folder)'],
          ['b', 'not-a-file (folder)'],
          ['a/same.csv', 'key-collision (with "b/same.csv")'],
          ['b/same.csv', 'key-collision (with "a/same.csv")'],
        ].map(([name = '', outcome = '']) => [name, outcome]),
      ),
    );
    expect(await keys()).toEqual([]);
    expect(existsSync(ledgerFile)).toBe(false);

    const first = await pull(...settings);
    clearInterval(growing);
    expect(first.json()).toMatchObject({ copied: SMALL_FILES + 6, not_ready: 1, failed: 3 });
    expect(first.exitCode).toBe(1);

    const before = await logins();
    const second = await pull(...settings);
    expect(second.json()).toMatchObject({ copied: 1, already_landed: SMALL_FILES + 6, failed: 3 });
    expect(await textOf('growing.csv')).toBe(readFileSync(path.join(folder, 'growing.csv'), 'utf8'));
    const third = await pull(...settings);
    expect(third.json()).toMatchObject({ copied: 0, bytes: 0, already_landed: SMALL_FILES + 7, logins: 1 });
    expect((await logins()) - before).toBe(Number(second.json().logins) + 1);

    expect(await keys()).toHaveLength(SMALL_FILES + 7);
    for (const name of LARGE_FILES)
      expect(await hashStream(await open(name))).toBe(await hashFile(path.join(folder, name)));
    for (const n of [0, 17, 999])
      expect(await textOf(`small-${n}.csv`)).toBe(readFileSync(path.join(folder, `small-${n}.csv`), 'utf8'));
    expect([await textOf(COMPOSED), await textOf(DECOMPOSED)]).toEqual(['composed', 'decomposed']);
    expect(await textOf('two\nlines.csv')).toBe('two\nlines.csv');
  });

  test('a file is new again when it is another delivery, whatever its time, and only then', async () => {
    const deliver = async (content: string, mtime: number): Promise<unknown> => {
      put('daily.csv', content, mtime);
      return (await pull('--quiet-seconds', '0', '--target', '{path}.{generation}')).json().copied;
    };
    put('newer.csv', 'makes every later time an old one', 2_000_000_000);

    expect(await deliver('first', 1_700_000_000)).toBe(2);
    expect(await deliver('second, longer', 1_700_000_100)).toBe(1);
    expect(await deliver('third, with an older time', 1_600_000_000)).toBe(1);
    expect(await deliver('forth, with an older time', 1_600_000_001)).toBe(1);
    rmSync(path.join(folder, 'daily.csv'));
    await pull('--quiet-seconds', '0');
    expect(await deliver('forth, with an older time', 1_600_000_001)).toBe(0);
    put('late.csv', 'arrives late', LONG_AGO);
    expect(await deliver('forth, with an older time', 1_600_000_001)).toBe(1);

    expect(await keys()).toEqual([
      ...[1, 2, 3, 4].map((generation) => `daily.csv.${generation}`),
      'late.csv.1',
      'newer.csv.1',
    ]);
    expect(await textOf('daily.csv.3')).toBe('third, with an older time');
  });

  test('a bucket that is not there ends the run before a file is tried, and counts against none', async () => {
    put('a.csv');
    const before = await logins();
    const missing = await pull('--quiet-seconds', '0', '--endpoint-url', `${store.endpoint}/none`);
    expect(missing).toMatchObject({ exitCode: 2 });
    expect(missing.json()).toMatchObject({
      error: 'UsageError',
      cause: expect.stringContaining('there is no bucket'),
    });
    expect(await logins()).toBe(before);
  });

  test('what landed in one store has not landed in another that the environment names', async () => {
    put('a.csv');
    const other = await startS3Server({ directory: path.join(parent, 'other-store') });
    const otherS3 = createS3Client({ endpoint: other.endpoint, ...STORE });
    try {
      await otherS3.send(new CreateBucketCommand({ Bucket: bucket }));
      const copiedTo = async ({ endpoint }: S3Server): Promise<unknown> =>
        (await pullFrom({ AWS_ENDPOINT_URL_S3: endpoint }, '--quiet-seconds', '0')).json().copied;

      expect(await copiedTo(store)).toBe(1);
      expect(await copiedTo(other)).toBe(1);
      expect(await copiedTo(other)).toBe(0);
      expect((await pull('--quiet-seconds', '0')).json().copied).toBe(0);
    } finally {
      otherS3.destroy();
      await other.close();
    }
  });
});
