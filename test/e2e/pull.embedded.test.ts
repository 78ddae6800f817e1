import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { countOutcomes } from '../../folder/decision.ts';
import type { PullResult } from '../../local/pull/folder-pull.ts';
import { type PullRig, startPullRig } from '../support/pull/pull-rig.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MIB = 1024 ** 2;

/** Hundreds of files on a machine whose every core is busy. */
jest.setTimeout(180_000);

describe('pulling a folder', () => {
  const parent = temporaryDirectory();
  let rig: PullRig;
  beforeEach(async () => {
    rig = await startPullRig(parent);
  });
  afterEach(() => rig.close());

  const statuses = ({ outcomes }: PullResult) =>
    Object.fromEntries(outcomes.map(({ path: name, status }) => [name, status]));
  const read = async (key: string) => {
    const { Body } = await rig.s3.send(new GetObjectCommand({ Bucket: 'landing', Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const loginsAndBytes = () => {
    const seen = { logins: 0, bytes: 0, opens: 0 };
    rig.hooks.onEvent = (event) => {
      if (event.kind === 'connection-opened') seen.logins += 1;
      if (event.kind === 'bytes-served') seen.bytes += event.bytes;
    };
    rig.hooks.beforeOpen = () => {
      seen.opens += 1;
    };
    return seen;
  };

  test('brings what is there, once: a second run reads no byte, makes no object, and logs in once', async () => {
    for (let n = 0; n < 220; n += 1) rig.put(`f${n}.csv`, `content ${n}`);
    rig.put('empty', '');
    const large = Buffer.alloc(11 * MIB, 'x');
    writeFileSync(path.join(rig.folder, 'large.bin'), large);

    const first = await rig.pull();
    expect(countOutcomes(first.decisions)).toMatchObject({ copy: 222 });
    expect(first.outcomes.filter(({ status }) => status !== 'landed')).toEqual([]);
    expect(await read('p/f17.csv')).toEqual(Buffer.from('content 17'));
    expect(await read('p/empty')).toHaveLength(0);
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha(await read('p/large.bin'))).toBe(sha(large));

    const seen = loginsAndBytes();
    const second = await rig.pull();
    expect(countOutcomes(second.decisions)).toMatchObject({ copy: 0, landed: 222 });
    expect(second.outcomes).toEqual([]);
    expect(seen).toEqual({ logins: 1, bytes: 0, opens: 0 });
    expect(second.logins).toBe(1);
  });

  test('a dry run shows the same, and writes nothing anywhere', async () => {
    rig.put('a');
    rig.put('b.part');
    const { decisions } = await rig.pull({}, { dryRun: true });
    expect(decisions.map((one) => [one.path, one.outcome])).toEqual([
      ['a', 'copy'],
      ['b.part', 'ignored-temporary'],
    ]);
    expect(await rig.keys()).toEqual([]);
    expect(existsSync(`${rig.ledgerFile}.listing`)).toBe(false);
    expect(countOutcomes((await rig.pull({}, { dryRun: true })).decisions)).toMatchObject({ copy: 1 });
  });

  test('a file with new content, an older time, or its old name again is a new delivery', async () => {
    rig.put('a', 'one', 2_000_000_000);
    await rig.pull({ target: '{path}.{generation}' });
    rig.put('a', 'two!', 1_000_000_000);
    await rig.pull({ target: '{path}.{generation}' });
    rig.put('a', 'six', 1_000_000_001);
    await rig.pull({ target: '{path}.{generation}' });
    expect(await rig.keys()).toEqual(['p/a.1', 'p/a.2', 'p/a.3']);
    expect((await rig.pull({ target: '{path}.{generation}' })).outcomes).toEqual([]);
  });

  test('a file that grows while it is read is no object and no failure, and lands later', async () => {
    rig.put('a', 'short');
    rig.put('b', 'other');
    rig.hooks.read = async (request, serve) => {
      if (request.path.endsWith('/a')) writeFileSync(path.join(rig.folder, 'a'), 'longer than before');
      return serve(request.lengthBytes);
    };
    expect(statuses(await rig.pull())).toEqual({ a: 'not-ready', b: 'landed' });
    expect(await rig.keys()).toEqual(['p/b']);
    rig.hooks.read = undefined as never;
    expect(statuses(await rig.pull())).toEqual({ a: 'landed' });
    expect((await read('p/a')).toString()).toBe('longer than before');
  });

  test('a file that vanished is no failure', async () => {
    rig.put('a');
    rig.put('b');
    rig.hooks.beforeOpen = (opened) => {
      if (opened.endsWith('/a')) rmSync(path.join(rig.folder, 'a'), { force: true });
    };
    expect(statuses(await rig.pull())).toEqual({ a: 'vanished', b: 'landed' });
  });

  test('one bad file does not stop the others', async () => {
    rig.put('a');
    rig.put('b');
    rig.hooks.beforeOpen = (opened) => {
      if (opened.endsWith('/a')) throw Object.assign(new Error('no'), { code: 'EACCES' });
    };
    expect(statuses(await rig.pull())).toEqual({ a: 'failed', b: 'landed' });
    expect(countOutcomes((await rig.pull({ maxFailures: 1 })).decisions)).toMatchObject({
      'failed-too-often': 1,
    });
  });

  test('a quiet time is waited for once, by a second look; what moved meanwhile waits for another run', async () => {
    rig.put('quiet');
    rig.put('moving');
    const observer = { waiting: () => rig.put('moving', 'moved', 1_800_000_000) };
    const result = await rig.pull({ ready: { quietSeconds: 1 } }, { observer });
    expect(statuses(result)).toEqual({ quiet: 'landed' });
    expect(result.decisions.find((one) => one.path === 'moving')).toMatchObject({ outcome: 'not-ready' });
  });

  test('a trigger releases its file at the first look, and goes the same way after it', async () => {
    rig.put('a.csv');
    rig.put('a.csv.done', '', 1_700_000_001);
    rig.put('b.csv');
    const settings = {
      ready: { quietSeconds: 3600, trigger: { kind: 'per-file', name: '{name}.done' } },
      afterProof: { action: 'move', to: '/done/{name}', createFolders: true },
    };
    const result = await rig.pull(settings);
    expect(statuses(result)).toEqual({ 'a.csv': 'landed' });
    expect(readdirSync(path.join(rig.root, 'done')).sort()).toEqual(['a.csv', 'a.csv.done']);
    expect(readdirSync(rig.folder)).toEqual(['b.csv']);
  });

  test('what landed is moved, a name that is taken gets a suffix, and a second run does nothing', async () => {
    rig.put('a', 'one');
    const settings = { afterProof: { action: 'move', to: '/done/{name}', createFolders: true } };
    await rig.pull(settings);
    rig.put('a', 'two!');
    const second = await rig.pull(settings);
    expect(second.settled).toEqual([{ path: 'a', settled: { done: true } }]);
    expect(readdirSync(path.join(rig.root, 'done')).sort()).toEqual(['a', 'a-2']);
    expect((await rig.pull(settings)).settled).toEqual([]);
  });

  test('a rename whose answer is lost is not asked for twice', async () => {
    rig.put('a');
    let renames = 0;
    rig.hooks.changeName = async (change, perform) => {
      await perform();
      if (change.kind !== 'rename') return;
      renames += 1;
      throw Object.assign(new Error('lost'), { code: 'EIO' });
    };
    const { settled } = await rig.pull({ afterProof: { action: 'move', to: '/{name}.done' } });
    expect(settled).toEqual([{ path: 'a', settled: { done: true } }]);
    expect(renames).toBe(1);
  });

  test('a source that was replaced since it landed stays', async () => {
    rig.put('a', 'one');
    const settings = { afterProof: { action: 'delete' } };
    await rig.pull(settings, {
      observer: { copied: () => rig.put('a', 'replaced', 1_900_000_000) },
    });
    expect(readdirSync(rig.folder)).toEqual(['a']);
    expect(statuses(await rig.pull(settings))).toEqual({ a: 'landed' });
    expect((await read('p/a')).toString()).toBe('replaced');
    expect(readdirSync(rig.folder)).toEqual([]);
  });

  test('a server that does not let us rename: the transfer is a success, and nothing is copied again', async () => {
    rig.put('a');
    rig.hooks.changeName = async () => {
      throw Object.assign(new Error('read-only'), { code: 'EACCES' });
    };
    const settings = { afterProof: { action: 'move', to: '/done-{name}' } };
    const first = await rig.pull(settings);
    expect(statuses(first)).toEqual({ a: 'landed' });
    expect(first.settled).toEqual([
      {
        path: 'a',
        settled: { done: false, error: expect.objectContaining({ name: 'name-change-refused' }) },
      },
    ]);
    const second = await rig.pull(settings);
    expect(second.outcomes).toEqual([]);
    expect(second.settled).toHaveLength(1);
  });

  test('two runs at once: every file lands once', async () => {
    for (let n = 0; n < 60; n += 1) rig.put(`f${n}`);
    const both = await Promise.all([rig.pull(), rig.pull()]);
    const landed = both.flatMap(({ outcomes }) => outcomes.filter(({ status }) => status === 'landed'));
    expect(landed.map(({ path: name }) => name).sort()).toEqual(
      [...new Set(landed.map((one) => one.path))].sort(),
    );
    expect(landed).toHaveLength(60);
    expect(await rig.keys()).toHaveLength(60);
  });

  test('a wrong password is one refused login, whatever the number of files', async () => {
    for (let n = 0; n < 450; n += 1) rig.put(`f${n}`);
    let attempts = 0;
    rig.hooks.onEvent = (event) => {
      if (event.kind === 'login-attempted' && event.credentialBytes > 0) attempts += 1;
    };
    const server = sourceOf(rig.sftp, {
      credentials: async () => ({ username: 'partner', password: 'wrong' }),
    });
    await expect(rig.pull({}, { server })).rejects.toMatchObject({ name: 'SftpAuthenticationError' });
    expect(attempts).toBe(1);
  });

  test('never more sessions than allowed, over small and large files', async () => {
    for (let n = 0; n < 410; n += 1) rig.put(`f${n}`);
    for (const name of ['x', 'y']) writeFileSync(path.join(rig.folder, name), Buffer.alloc(16 * MIB));
    let open = 0;
    let most = 0;
    rig.hooks.onEvent = (event) => {
      if (event.kind === 'connection-opened') open += 1;
      if (event.kind === 'connection-closed') open -= 1;
      most = Math.max(most, open);
    };
    const { outcomes } = await rig.pull();
    expect(outcomes.every(({ status }) => status === 'landed')).toBe(true);
    expect(most).toBe(3);
  });

  test('a connection that is lost costs no file', async () => {
    for (let n = 0; n < 100; n += 1) rig.put(`f${n}`);
    let opens = 0;
    let socket: { destroy(): void } | undefined;
    rig.hooks.onSocket = (accepted) => {
      socket = accepted;
    };
    rig.hooks.beforeOpen = () => {
      opens += 1;
      if (opens === 50) socket?.destroy();
    };
    const { outcomes } = await rig.pull();
    expect(outcomes.filter(({ status }) => status === 'landed')).toHaveLength(100);
    expect(await rig.keys()).toHaveLength(100);
  });

  test('a file that comes back after it was gone is landed, unless redelivery says otherwise', async () => {
    rig.put('a');
    await rig.pull();
    const away = path.join(rig.root, 'away');
    renameSync(path.join(rig.folder, 'a'), away);
    await rig.pull();
    await rig.pull();
    renameSync(away, path.join(rig.folder, 'a'));
    expect(countOutcomes((await rig.pull()).decisions)).toMatchObject({ landed: 1 });
  });
});
