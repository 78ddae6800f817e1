import { createHash, randomBytes, randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferOutcome } from '../../local/local-transfer.ts';
import { TRANSFER_ERROR_NAMES } from '../support/docs/error-names.ts';
import { fasterClock } from '../support/faster-clock.ts';
import { connectionsLeft } from '../support/network/connections-left.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../support/sftp/faulty-sftp-server.ts';
import { ODD_ANSWERS, type OddAnswer } from '../support/sftp/odd-answers.ts';
import { PASSWORD, sourceOf, USERNAME } from '../support/sftp/partner.ts';
import { MIB, startTransferRig, type TransferRig } from '../support/transfer-rig.ts';
import { SeededRandom } from '../torture/seeded-random.ts';
import { describeFault } from './support/fault.ts';

/** Repeats a run: `ANSWERS_SEED=1 npm run test:faults -- fuzz-answers`. */
const SEED = Number(process.env.ANSWERS_SEED ?? randomInt(1, 1_000_000));
/** Every request that a client of files may send. */
const REQUESTS = ['REALPATH', 'STAT', 'LSTAT', 'OPEN', 'FSTAT', 'READ', 'CLOSE'] as const;
/** Those that a client falls back to: sent only where these others are unknown to the server. */
const SENT_WITHOUT: Readonly<Partial<Record<string, readonly string[]>>> = {
  LSTAT: ['STAT'],
  FSTAT: ['STAT', 'LSTAT'],
};
const OP_UNSUPPORTED = 8;
/** Requests that every transfer sends. */
const SURE_REQUESTS: readonly string[] = ['STAT', 'OPEN', 'READ', 'CLOSE'];
/** So short that a request without an answer costs little; a busy machine may take a slow answer for none. */
const IDLE_TIMEOUT_MS = 300;
const RETRY_INTERVAL_MS = 1;
/** Waits between logins are 20 times shorter; most of these partners never come back. */
const CLOCK = fasterClock(20);
/** What an on-call engineer reads in an alarm. */
const MAX_CAUSE_CHARACTERS = 1_000;
/** What only our own fault would put into a cause. */
const NONSENSE = /TypeError|RangeError|ReferenceError|undefined|NaN|\[object /;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

interface Case {
  request: (typeof REQUESTS)[number];
  answer: OddAnswer;
  /** The first request that is answered so, and whether every later one is too. */
  first: number;
  forGood: boolean;
  file: { name: string; sizeBytes: number };
}

const random = new SeededRandom(`answers ${SEED}`);
const FILES = [
  { name: 'empty.bin', sizeBytes: 0 },
  { name: 'small.bin', sizeBytes: 3_000 },
  { name: 'two-chunks.bin', sizeBytes: 6 * MIB },
];
const cases: Case[] = REQUESTS.flatMap((request) =>
  ODD_ANSWERS.map((answer) => ({
    request,
    answer,
    first: random.integer(1, 2),
    forGood: random.chance(0.5),
    file: random.pick(FILES),
  })),
);
const titled = random
  .sample(cases, cases.length)
  .map(
    (one) =>
      [
        `${one.answer.description} to ${one.request} ${one.first}${one.forGood ? ' and on' : ''} of ${one.file.name}`,
        one,
      ] as const,
  );

describeFault('Fuzz', `${cases.length} odd answers of a server, seed ${SEED}`, (tell) => {
  let rig: TransferRig;
  let server: FaultySftpServer;
  const hashes = new Map<string, string>();
  const ends = new Map<string, number>();
  const sentTo = new Set<string>();
  let keyNumber = 0;

  beforeAll(async () => {
    rig = await startTransferRig();
    server = await startFaultySftpServer({
      rootDirectory: rig.folder,
      username: USERNAME,
      password: PASSWORD,
    });
    for (const { name, sizeBytes } of FILES) {
      const bytes = randomBytes(sizeBytes);
      writeFileSync(join(rig.folder, name), bytes);
      hashes.set(name, createHash('sha256').update(bytes).digest('hex'));
    }
  });
  afterAll(async () => {
    await server.close();
    await rig.close();
    const told = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, count]) => `${count} ${end}`);
    tell(told.join(', '));
  });

  // A rejection that nobody handles, or an exception that nobody catches, fails the test in which it happens.
  test.each(titled)('%s', async (_title, { request, answer, first, forGood, file }) => {
    let count = 0;
    server.faults.answer = (sftp, { kind, id }) => {
      if (SENT_WITHOUT[request]?.includes(kind)) {
        sftp.status(id, OP_UNSUPPORTED);
        return true;
      }
      if (kind !== request) return false;
      count += 1;
      if (count < first || (count > first && !forGood)) return false;
      sentTo.add(kind);
      answer.send(sftp, id);
      return true;
    };
    keyNumber += 1;
    const key = `fuzz-${keyNumber}`;

    const { outcome, written } = await rig.transfer(
      sourceOf(server, { idleTimeoutMs: IDLE_TIMEOUT_MS }),
      { sftp_file_path: `/${file.name}`, target_s3_key: key },
      { retryIntervalMs: RETRY_INTERVAL_MS, clock: CLOCK },
    );

    const end = outcome.status === 'FAILED' ? outcome.error : outcome.status;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    const landed = (await rig.store.keys(key)).length === 0 ? undefined : await rig.store.hashOf(key);
    expect({ landed, complaints: complaintsOf(outcome, written) }).toEqual({
      landed: outcome.status === 'SUCCEEDED' ? hashes.get(file.name) : undefined,
      complaints: [],
    });
    expect(await rig.store.openUploads()).toEqual([]);
    expect(await connectionsLeft(() => server.record.openConnections)).toBe(0);
  });

  test('every request that a transfer sends was answered so', () => {
    expect([...sentTo]).toEqual(expect.arrayContaining([...SURE_REQUESTS]));
  });
});

/** Of a cause as Step Functions gives it: JSON with the message of the error. */
function messageOf(cause: string): string {
  const { errorMessage } = JSON.parse(cause) as { errorMessage: string };
  return errorMessage;
}

/** What is wrong with how a transfer ended, and with what it wrote. */
function complaintsOf(outcome: TransferOutcome, written: readonly string[]): string[] {
  const complaints: string[] = [];
  if (outcome.status === 'FAILED') {
    const { error } = outcome;
    const cause = messageOf(outcome.cause);
    if (!TRANSFER_ERROR_NAMES.some((name) => name === error))
      complaints.push(`unknown error ${error}: ${cause}`);
    if (cause.length > MAX_CAUSE_CHARACTERS) complaints.push(`a cause of ${cause.length} characters`);
    if (CONTROL_CHARACTER.test(cause)) complaints.push(`control characters in ${JSON.stringify(cause)}`);
    if (NONSENSE.test(cause)) complaints.push(`nonsense in ${cause}`);
  } else if (outcome.status !== 'SUCCEEDED') {
    complaints.push(`it ended ${outcome.status}`);
  }
  for (const line of written) {
    if (/\\n {4}at /.test(line)) complaints.push(`a stack trace in ${line.slice(0, 300)}`);
  }
  return complaints;
}
