import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPacketLine } from '../../bench/lab/line/packet-line.ts';
import { packetLineMissing } from '../../bench/lab/line/packet-line-missing.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { sshdMissing } from '../support/sftp/sshd.ts';
import type { AbandonedLine } from './support/abandoned-line-process.ts';
import { useLineRig } from './support/line-rig.ts';
import { parsePcap } from './support/pcap.ts';
import type { ReadJob, ReadResult } from './support/read-process.ts';

const MIB = 1024 ** 2;
const READ_PROCESS = new URL('./support/read-process.ts', import.meta.url);
const ABANDONED_LINE_PROCESS = new URL('./support/abandoned-line-process.ts', import.meta.url);

describeUnless(packetLineMissing ?? sshdMissing, 'what a packet-level line carries', () => {
  const rig = useLineRig();

  async function read(sizeBytes: number): Promise<ReadResult & { sentSha256: string }> {
    const { sshd, folder, keyFile, runAtClient } = rig();
    const file = path.join(folder, 'sent');
    const sent = randomBytes(sizeBytes);
    writeFileSync(file, sent);
    const { host, port, username, hostKeyFingerprint } = sshd;
    const job: ReadJob = { host, port, username, keyFile, hostKeyFingerprint, path: file, sizeBytes };
    const result = JSON.parse(await runAtClient(READ_PROCESS, JSON.stringify(job))) as ReadResult;
    return { ...result, sentSha256: createHash('sha256').update(sent).digest('hex') };
  }

  test('bytes, unharmed, no faster than the line is', async () => {
    const { line } = rig();
    await line.shape({ roundTripMs: 10, bytesPerSecond: 8 * MIB, queueBytes: MIB, lossPpm: 0 });
    const { sha256, sentSha256, seconds } = await read(8 * MIB);
    expect(sha256).toBe(sentSha256);
    expect(seconds).toBeGreaterThan(0.9);
  });

  test('the round trip, to every packet', async () => {
    const { line, folder } = rig();
    const capture = path.join(folder, 'round-trip.pcap');
    await line.shape({ roundTripMs: 200, bytesPerSecond: 0, queueBytes: 0, lossPpm: 0 });
    await line.capture(capture);
    await read(1);
    await line.endCapture();
    const [syn, synAck] = parsePcap(readFileSync(capture)).filter(({ isSyn }) => isSyn);
    expect((synAck?.timeMs ?? 0) - (syn?.timeMs ?? 0)).toBeGreaterThanOrEqual(199);
  });

  test('bytes, unharmed, where packets are lost at random', async () => {
    const { line } = rig();
    await line.shape({ roundTripMs: 10, bytesPerSecond: 0, queueBytes: 0, lossPpm: 10_000 });
    const before = await line.counters();
    const { sha256, sentSha256 } = await read(8 * MIB);
    const after = await line.counters();
    expect(sha256).toBe(sentSha256);
    expect(after.dropped).toBe(before.dropped);
    // 1 % of the 5,793 packets that 8 MiB take at least; the line's losses are the same in every run.
    expect(after.lost - before.lost).toBeGreaterThan(20);
  });

  test('bytes, unharmed, where the queue is too short for what the server sends at once', async () => {
    const { line } = rig();
    await line.shape({ roundTripMs: 20, bytesPerSecond: 4 * MIB, queueBytes: 16 * 1024, lossPpm: 0 });
    const before = await line.counters();
    const { sha256, sentSha256 } = await read(4 * MIB);
    const after = await line.counters();
    expect(sha256).toBe(sentSha256);
    expect(after.lost).toBe(before.lost);
    expect(after.dropped).toBeGreaterThan(before.dropped);
  });

  test('nothing of another line beside it', async () => {
    const { line } = rig();
    const other = await startPacketLine(60);
    try {
      const before = await other.counters();
      await line.shape({ roundTripMs: 0, bytesPerSecond: 0, queueBytes: 0, lossPpm: 0 });
      await read(MIB);
      expect(await other.counters()).toEqual(before);
    } finally {
      await other.stop();
    }
  });
});

describeUnless(packetLineMissing, 'a packet-level line leaves nothing behind', () => {
  /** Starts a process that makes a line and two residents, and waits until all of it is there. */
  async function abandonedLine(maxSeconds: number) {
    const before = new Set(networkNamespaces());
    const owner = spawn(process.execPath, [fileURLToPath(ABANDONED_LINE_PROCESS), String(maxSeconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = await once(owner.stdout, 'data');
    const { residentPids } = JSON.parse(String(text)) as AbandonedLine;
    const namespaces = residentPids.map(namespaceOf);
    expect(new Set(namespaces).size).toBe(2);
    expect(namespaces.filter((name) => name !== undefined && before.has(name))).toEqual([]);
    return { owner, namespaces };
  }

  /** Waits for the end of every process in these namespaces, the residents among them. */
  async function expectGone(namespaces: readonly (string | undefined)[]): Promise<void> {
    const left = (): string[] => networkNamespaces().filter((name) => namespaces.includes(name));
    for (let wait = 0; wait < 200 && left().length > 0; wait += 1) await delay(50);
    expect(left()).toEqual([]);
  }

  test.each(['SIGKILL', 'SIGINT'] as const)('when its owner ends by %s', async (signal) => {
    const { owner, namespaces } = await abandonedLine(120);
    const exited = once(owner, 'exit');
    owner.kill(signal);
    await exited;
    await expectGone(namespaces);
  });

  test('when its time is up', async () => {
    const { owner, namespaces } = await abandonedLine(3);
    await expectGone(namespaces);
    owner.kill('SIGKILL');
  });

  test('when it is stopped', async () => {
    const line = await startPacketLine(60);
    const [program, args] = line.server.enter('sleep', ['1000']);
    const resident = spawn(program, args);
    const exited = once(resident, 'exit');
    await line.stop();
    await exited;
  });
});

/** Of every process that can be seen, as Linux names them: net:[4026531840]. */
function networkNamespaces(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => namespaceOf(Number(pid)))
    .filter((name) => name !== undefined);
}

function namespaceOf(pid: number): string | undefined {
  const link = `/proc/${pid}/ns/net`;
  try {
    return existsSync(link) ? readlinkSync(link) : undefined;
  } catch {
    return undefined; // it has ended
  }
}
