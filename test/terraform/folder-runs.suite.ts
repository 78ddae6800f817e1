import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type CommandResult, runCommand } from '../support/command-line.ts';

/** Where the folder workflow of the partner is deployed. */
export interface DeployedForFolders {
  endpoint: string;
  region: string;
  stackName: string;
  partner: string;
  s3: S3Client;
  landingBucket: string;
  /** The partner's root on this machine. */
  partnerFolder: string;
  /** See LoopbackPartner. */
  holdSlowReads: () => () => void;
}

const MIB = 1024 ** 2;
const SMALL_FILES = 25;
const POLL_MS = 250;

/** Folders of the partner; the stack's prefix of its keys comes before their targets. */
export const FOLDERS = [
  {
    name: 'inbox',
    path: '/inbox',
    target: 'inbox/{path}',
    ready: { quietSeconds: 1 },
    afterProof: { action: 'move', to: '/archive/{name}', createFolders: true },
  },
  { name: 'stopped', path: '/stopped', target: 'stopped/{path}', ready: { quietSeconds: 0 } },
  { name: 'faulty', path: '/faulty', target: 'faulty/{path}', ready: { quietSeconds: 0 }, maxFilesAtOnce: 2 },
];

/**
 * Runs over folders, started by the command line as an operator does.
 * @param deployed is called in the tests only
 */
export function runOverFolders(deployed: () => DeployedForFolders): void {
  const run = (...args: string[]): Promise<CommandResult> => {
    const { endpoint, region, stackName } = deployed();
    return runCommand(
      [...args, '--stack-name', stackName, '--region', region, '--endpoint-url', endpoint, '--json'],
      { AWS_ACCESS_KEY_ID: 'emulated', AWS_SECRET_ACCESS_KEY: 'emulated' },
    );
  };
  const start = (folder: string, ...args: string[]) =>
    run('start', deployed().partner, '--folder', folder, '--interval', '0.5', ...args);
  const put = (file: string, content: string | Buffer, mtime = 1_700_000_000): void => {
    const target = path.join(deployed().partnerFolder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
    utimesSync(target, mtime, mtime);
  };
  const read = async (key: string): Promise<Buffer> => {
    const { s3, landingBucket } = deployed();
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: landingBucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const keys = async (prefix: string): Promise<string[]> => {
    const { s3, landingBucket } = deployed();
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: landingBucket, Prefix: prefix }),
    );
    return Contents.map(({ Key }) => Key ?? '').sort();
  };
  const ledger = async (folder: string): Promise<Record<string, string>> => {
    const { entries } = (await run('ledger', deployed().partner, folder)).json() as {
      entries: { path: string; state: string }[];
    };
    return Object.fromEntries(entries.map(({ path: name, state }) => [name, state]));
  };

  const large = Buffer.alloc(12 * MIB, 'large');
  const names = [...Array.from({ length: SMALL_FILES }, (_, n) => `small-${n}.csv`), 'large.bin', 'empty'];
  const contentOf = (name: string): string | Buffer =>
    name === 'large.bin' ? large : name === 'empty' ? '' : `content of ${name}`;

  test('everything in a folder lands byte for byte, is in the ledger, and goes to the archive', async () => {
    for (const name of names) put(`inbox/${name}`, contentOf(name));
    put('inbox/unfinished.part', 'x');

    const result = await start('inbox');

    expect(result.json()).toMatchObject({
      status: 'SUCCEEDED',
      copied: names.length,
      failed: 0,
      sources_left: 0,
    });
    expect(result.exitCode).toBe(0);
    expect(await keys('loopback/inbox/')).toEqual(names.map((name) => `loopback/inbox/${name}`).sort());
    for (const name of names)
      expect(await read(`loopback/inbox/${name}`)).toEqual(Buffer.from(contentOf(name)));
    const archive = path.join(deployed().partnerFolder, 'archive');
    expect(readdirSync(archive).sort()).toEqual([...names].sort());
    expect(readFileSync(path.join(archive, 'large.bin'))).toEqual(large);
    expect(readdirSync(path.join(deployed().partnerFolder, 'inbox'))).toEqual(['unfinished.part']);
    expect(await ledger('inbox')).toEqual(Object.fromEntries(names.map((name) => [name, 'DONE'])));
  });

  test('a second run copies nothing, and a third one notes what is gone', async () => {
    const empty = { status: 'SUCCEEDED', listed: 1, copied: 0, failed: 0 };
    expect((await start('inbox')).json()).toMatchObject(empty);
    expect((await start('inbox')).json()).toMatchObject(empty);
  });

  test('a file that fails makes the run fail by name, and stops no other', async () => {
    put('faulty/good.csv', 'good');
    put('faulty/locked.csv', 'never read');
    put('faulty/rewritten.csv', 'one');
    put('faulty/also-good.bin', large);
    put('faulty/shrinking.bin', large);

    const result = await start('faulty');

    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      status: 'FAILED',
      error: 'FolderPartlyFailedError',
      cause: expect.stringContaining('"locked.csv" (SourcePermissionError)'),
    });
    expect(await keys('loopback/faulty/')).toEqual([
      'loopback/faulty/also-good.bin',
      'loopback/faulty/good.csv',
    ]);
    // What changed while it was read is no failure, and waits for a later run.
    expect(await ledger('faulty')).toEqual({
      'also-good.bin': 'DONE',
      'good.csv': 'DONE',
      'locked.csv': 'FAILED',
    });
  });

  test('a run that is stopped holds no large file up', async () => {
    put('stopped/slow.bin', large);
    // However slow this machine is, the file is not copied before its run is stopped.
    const release = deployed().holdSlowReads();
    const { execution } = (await start('stopped', '--detach')).json();
    while ((await ledger('stopped'))['slow.bin'] !== 'CLAIMED') await sleep(POLL_MS);
    // Another run leaves the file to the one that works on it.
    expect((await start('stopped')).json()).toMatchObject({ status: 'SUCCEEDED', copied: 0, not_ready: 1 });
    expect((await run('stop', String(execution))).json()).toMatchObject({ status: 'ABORTED' });
    release();

    expect((await start('stopped')).json()).toMatchObject({ status: 'SUCCEEDED', copied: 1, failed: 0 });
    expect(await ledger('stopped')).toEqual({ 'slow.bin': 'DONE' });
    expect(await read('loopback/stopped/slow.bin')).toEqual(large);
    expect((await run('list', deployed().partner, '--folders', '--limit', '3')).json()).toMatchObject({
      transfers: [
        { path: 'folder stopped', status: 'SUCCEEDED' },
        { path: 'folder stopped', status: 'SUCCEEDED' },
        { path: 'folder stopped', status: 'ABORTED' },
      ],
    });
  });

  test('what landed is copied again only when it is asked for', async () => {
    const again = await run('ledger', deployed().partner, 'inbox', '--replay', 'small-1.csv');
    expect(again.exitCode).toBe(0);
    const watched = await run('watch', String(again.json().execution), '--interval', '0.5');
    expect(watched.json()).toMatchObject({ status: 'SUCCEEDED', copied: 0 });
  });
}
