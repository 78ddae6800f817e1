import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type PullRig, startPullRig } from '../support/pull/pull-rig.ts';
import { type S3FaultFront, startS3FaultFront } from '../support/s3/s3-fault-front.ts';
import { PASSWORD, USERNAME } from '../support/sftp/partner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Each case starts Node anew, on a machine whose every core may be busy. */
jest.setTimeout(300_000);

const FILES = 12;
/** How many times each point is tried, each at another of the files: `KILL_SEEDS=20 npx jest pull-killed`. */
const SEEDS = Number(process.env.KILL_SEEDS ?? 3);
const LEASE_MS = 1_000;
const SETTINGS = {
  target: '{path}.{generation}',
  afterProof: { action: 'move', to: '/done/{name}', createFolders: true },
};
/** Seeds draw files from all over the folder, the first one always among them. */
const drawn = (seeds: number): number[] =>
  Array.from({ length: seeds }, (_, seed) => 1 + ((seed * 7) % FILES));
const NODE = createRequire(__filename).resolve('node/bin/node');
const CHILD = path.join(__dirname, '../support/pull/pull-child.ts');

describe('a pull that is killed', () => {
  const parent = temporaryDirectory();
  let rig: PullRig;
  let front: S3FaultFront;
  let onPut: () => boolean;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    rig = await startPullRig(parent);
    onPut = () => false;
    // The child asks the store for nothing else than HeadObject and PutObject, which the front calls other.
    front = await startS3FaultFront(rig.endpoint, ({ operation }) =>
      operation === 'other' && onPut() ? { what: 'lose the answer' } : undefined,
    );
    for (let n = 0; n < FILES; n += 1) rig.put(`f${n}`, `content of ${n}`);
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await front.close();
    await rig.close();
  });

  const start = (): Promise<unknown[]> => {
    const job = {
      port: rig.sftp.port,
      hostKeyFingerprint: rig.sftp.hostKeyFingerprint,
      username: USERNAME,
      password: PASSWORD,
      endpoint: front.endpoint,
      ledgerFile: rig.ledgerFile,
      settings: SETTINGS,
      leaseMs: LEASE_MS,
    };
    child = spawn(NODE, [CHILD, JSON.stringify(job)], { stdio: 'inherit' });
    return once(child, 'exit');
  };

  /** Kills the process at the n-th time that its point is reached. */
  const killAt = (n: number): (() => boolean) => {
    let reached = 0;
    return () => {
      reached += 1;
      if (reached !== n) return false;
      child?.kill('SIGKILL');
      return true;
    };
  };

  const POINTS: [string, (kill: () => boolean) => void][] = [
    [
      'after the claim, before a byte is read',
      (kill) => {
        rig.hooks.beforeOpen = () => void kill();
      },
    ],
    [
      'in the middle of a read',
      (kill) => {
        rig.hooks.read = async (request, read) => {
          kill();
          return read(request.lengthBytes);
        };
      },
    ],
    [
      'after the object is made, before the commit',
      (kill) => {
        onPut = kill;
      },
    ],
    [
      'after the commit, before a rename',
      (kill) => {
        rig.hooks.changeName = async (change, perform) => {
          if (change.kind === 'rename' && kill()) throw Object.assign(new Error('killed'), { code: 'EIO' });
          await perform();
        };
      },
    ],
    [
      'after a rename, before its answer',
      (kill) => {
        rig.hooks.changeName = async (change, perform) => {
          await perform();
          if (change.kind === 'rename') kill();
        };
      },
    ],
  ];
  const CASES = POINTS.flatMap(([point, arm]) =>
    drawn(SEEDS).map((n) => [point, n, arm, point.startsWith('after the object')] as const),
  );

  test.each(CASES)(
    '%s, at the %i. file: every file has one object and one place in the archive',
    async (_point, n, arm, isRecovered) => {
      arm(killAt(n));
      const [, signal] = await start();
      expect(signal).toBe('SIGKILL');
      for (const hook of ['beforeOpen', 'read', 'changeName'] as const) delete rig.hooks[hook];

      await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
      const next = await rig.pull(SETTINGS);
      await rig.pull(SETTINGS);
      if (isRecovered) {
        expect(
          next.outcomes.filter((outcome) => outcome.status === 'landed' && outcome.isRecovered),
        ).not.toEqual([]);
      }

      const names = Array.from({ length: FILES }, (_, index) => `f${index}`).sort();
      expect(await rig.keys()).toEqual(names.map((name) => `p/${name}.1`).sort());
      expect(readdirSync(path.join(rig.root, 'done')).sort()).toEqual(names);
      expect(readdirSync(rig.folder)).toEqual([]);
    },
  );

  test('a run beside the one that is killed: both together make every file once', async () => {
    let beside: Promise<unknown> | undefined;
    const kill = killAt(6);
    rig.hooks.beforeOpen = () => {
      beside ??= rig.pull(SETTINGS);
      kill();
    };
    const [, signal] = await start();
    expect(signal).toBe('SIGKILL');
    await beside;
    delete rig.hooks.beforeOpen;

    await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    await rig.pull(SETTINGS);
    await rig.pull(SETTINGS);

    const names = Array.from({ length: FILES }, (_, index) => `f${index}`).sort();
    expect(await rig.keys()).toEqual(names.map((name) => `p/${name}.1`).sort());
    expect(readdirSync(path.join(rig.root, 'done')).sort()).toEqual(names);
    expect(readdirSync(rig.folder)).toEqual([]);
  });
});
