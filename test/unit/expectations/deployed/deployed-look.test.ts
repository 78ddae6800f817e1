import { deployedLook } from '../../../../expectations/deployed/deployed-look.ts';
import type { SeenExecution } from '../../../../expectations/deployed/executions.ts';
import { expectationSchema } from '../../../../expectations/settings.ts';
import { expectedDate } from '../../../../expectations/window.ts';
import { deployedFolderSchema } from '../../../../folder/run/deployed-folder.ts';
import { packSnapshot } from '../../../../folder/run/listing-snapshot.ts';
import { makeRunId } from '../../../../folder/run/run-id.ts';
import { folderStateKeys, runKeys } from '../../../../folder/run/state-keys.ts';
import { MemoryRows } from '../../../../ledger/memory-rows.ts';
import { StoredLedger } from '../../../../ledger/stored-ledger.ts';
import { MemoryStateFiles } from '../../../support/state-files.ts';

const NOW = Date.parse('2027-03-10T06:00:00Z');
const { signal } = new AbortController();
const OBJECT = {
  bucket: 'landing',
  key: 'k',
  size_bytes: 5,
  etag: 'e',
  checksum_crc64nvme: 'c',
  parts: 1,
  version_id: null,
};
const execution = (changes: Partial<SeenExecution>): SeenExecution => ({
  arn: 'arn:x',
  name: 'x',
  status: 'FAILED',
  startedAtMs: NOW - 600_000,
  endedAtMs: NOW - 300_000,
  input: { sftp_file_path: '/o.csv' },
  output: undefined,
  errorName: 'SourceNotFoundError',
  message: '',
  ...changes,
});

function rig(executions: SeenExecution[], settings: object, outputs: unknown[] = []) {
  const ledger = new StoredLedger(new MemoryRows(() => NOW), () => NOW);
  const files = new MemoryStateFiles();
  const folder = deployedFolderSchema.parse({
    name: 'daily',
    path: '/d',
    maxBatchesAtOnce: 1,
    maxConcurrency: 1,
  });
  const expectation = expectationSchema.parse({ name: 'orders', by: '06:00', ...settings });
  const look = deployedLook({
    executions: {
      async *since() {
        yield* executions;
      },
      firstOutputs: async () => outputs,
    },
    store: {
      headObject: async () => undefined,
      listParts: async () => [{ partNumber: 1, sizeBytes: 40, etag: 'e' }],
    },
    files,
    ledgerOf: () => ledger,
    transferMachineArn: () => 'arn:aws:states:r:1:stateMachine:s-acme',
    folderMachineArn: () => 'arn:aws:states:r:1:stateMachine:s-acme-folders',
    nowMs: () => NOW,
  });
  const partner = { partner: 'acme', expectations: [expectation], folders: [folder] };
  return {
    ledger,
    files,
    see: () => look(partner, expectation, expectedDate(expectation, '2027-03-10'), signal),
  };
}

describe('a fixed path, by its transfers', () => {
  test.each([
    ['not found', execution({}), { looks: [{ isComplete: true, waiting: [] }] }],
    [
      'changed',
      execution({ errorName: 'SourceChangedError' }),
      { looks: [{ waiting: [{ reason: 'changing' }] }] },
    ],
    [
      'another error',
      execution({ errorName: 'SftpStalledError' }),
      { failures: [{ errorName: 'SftpStalledError' }] },
    ],
    [
      'landed',
      execution({ status: 'SUCCEEDED', output: OBJECT }),
      { arrivals: [{ sizeBytes: 5, landedAtMs: NOW - 300_000 }] },
    ],
    ['of another file', execution({ input: { sftp_file_path: '/p.csv' } }), { looks: [], arrivals: [] }],
  ])('%s', async (_name, one, sight) => {
    expect(await rig([one], { path: '/o.csv' }).see()).toMatchObject(sight);
  });

  test('one that runs, with the parts that S3 has', async () => {
    const { endedAtMs: _, ...running } = execution({ status: 'RUNNING' });
    const outputs = [{ file: { bucket: 'b', key: 'k', size_bytes: 100 }, upload: { upload_id: 'u' } }];
    expect(await rig([running], { path: '/o.csv' }, outputs).see()).toMatchObject({
      copying: [{ progress: { doneBytes: 40, sizeBytes: 100 } }],
    });
  });
});

describe('a folder, by its last run and the ledger', () => {
  const run = execution({ name: 'r1', status: 'SUCCEEDED', input: { folder: 'daily' } });
  const settings = { folder: 'daily', match: 'o*.csv' };

  async function decided(outcomes: object[], one = run) {
    const made = rig([one], settings);
    const lines = outcomes.map((line) => JSON.stringify(line)).join('\n');
    await made.files.write(
      runKeys('acme', makeRunId('run', one.startedAtMs, one.name)).decisions,
      Buffer.from(lines),
      signal,
    );
    const snapshot = await packSnapshot({ isComplete: true, observations: new Map() });
    await made.files.write(folderStateKeys('acme', 'daily').listing, snapshot, signal);
    return made;
  }

  test.each([
    ['nothing', [{ path: 'z.csv', outcome: 'copy' }], []],
    [
      'not ready',
      [{ path: 'o1.csv', outcome: 'not-ready', reason: 'no-trigger' }],
      [{ path: 'o1.csv', reason: 'no-trigger' }],
    ],
    [
      'a temporary name',
      [{ path: 'o1.csv.part', outcome: 'ignored-temporary' }],
      [{ path: 'o1.csv.part', reason: 'ignored-temporary' }],
    ],
  ])('%s', async (_name, outcomes, waiting) => {
    const { see } = await decided(outcomes);
    expect(await see()).toMatchObject({ looks: [{ isComplete: true, waiting }], arrivals: [], failures: [] });
  });

  test('a run that failed before it decided', async () => {
    const failed = execution({ name: 'r2', input: { folder: 'daily' }, errorName: 'SftpConnectionError' });
    expect(await rig([failed], settings).see()).toMatchObject({
      looks: [],
      failures: [{ errorName: 'SftpConnectionError', execution: 'r2' }],
    });
  });

  test('claimed, failed and landed, as the ledger has them', async () => {
    const { ledger, see } = await decided([]);
    const claim = {
      path: 'o1.csv',
      sizeBytes: 5,
      modifiedAtSeconds: 1,
      owner: 'local/1',
      leaseMs: 60_000,
      maxFailures: 3,
    };
    await ledger.claim(claim);
    expect(await see()).toMatchObject({ copying: [{ path: 'o1.csv' }], failures: [] });
    await ledger.fail({
      path: 'o1.csv',
      owner: 'local/1',
      error: { name: 'SftpStalledError', message: 'm' },
    });
    expect(await see()).toMatchObject({
      copying: [],
      failures: [{ errorName: 'SftpStalledError', path: 'o1.csv' }],
    });
    await ledger.claim({ ...claim, owner: 'local/2' });
    await ledger.commit({
      path: 'o1.csv',
      owner: 'local/2',
      generation: 1,
      object: { bucket: 'b', key: 'k', etag: 'e' },
      afterProof: 'none',
    });
    expect(await see()).toMatchObject({
      copying: [],
      failures: [],
      arrivals: [{ path: 'o1.csv', landedAtMs: NOW }],
    });
  });
});
