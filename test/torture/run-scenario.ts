import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describeAsJson, describeForPeople } from '../../cli/results/describe-local-transfer.ts';
import type { SftpServerSettings } from '../../sftp/settings.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import type { ChunkPlan } from '../../transfer/contracts.ts';
import { connectionsLeft } from '../support/network/connections-left.ts';
import { startSilentAddress } from '../support/network/silent-address.ts';
import { startSlowLine } from '../support/network/slow-line.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { BUCKET, type LandingStore } from '../support/s3/landing-store.ts';
import { startFaultySftpServer } from '../support/sftp/faulty-sftp-server.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';
import { startSshd } from '../support/sftp/sshd.ts';
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts';
import { leftSince, takeInventory } from './inventory.ts';
import { endOf, judge } from './judge.ts';
import type { Observed } from './observed.ts';
import type { Scenario } from './scenario.ts';
import { emptyStage, type Stage } from './staged-faults.ts';

/** Short, so that silences cost little; far longer than a busy machine keeps an answer waiting. */
const IDLE_TIMEOUT_MS = 1_500;
const KEEPALIVE_INTERVAL_MS = 700;
/** A silent address costs the first two seconds of it. */
const CONNECT_TIMEOUT_MS = 10_000;
const LOGIN_TIMEOUT_MS = 3_000;
/** A handshake is 3 KiB or more: at 5 KiB/s it takes most of a second. */
const SLOW_LOGIN_TIMEOUT_MS = 30_000;
/**
 * The rig's own patience of seconds is spent by one try where a login waits for a silent address, or crosses a slow line;
 * the product's is an hour.
 */
const SLOW_LOGIN_PATIENCE = { patienceMs: 40_000, turnMs: 1_000 };
const ADDRESS = '127.0.0.1';
/** Nobody listens there, unless a scenario has somebody who is silent. */
const DEAD_ADDRESS = '127.0.0.2';
/** Not even the worst luck takes so long: each further login of a worker may wait half a minute. */
const MAX_SECONDS = 300;
/** Any change of a file shows in its time of modification, which SFTP tells in whole seconds. */
const MODIFIED_AT = new Date('2026-01-01T00:00:00Z');

export interface ScenarioResult {
  /** An error's name, `ABORTED`, or `SUCCEEDED`. */
  end: string;
  /** What is wrong with it. */
  complaints: string[];
  seconds: number;
}

/** Runs one transfer under its faults, judges it, and looks at what it left. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  const startedMs = performance.now();
  const before = await takeInventory();
  const stage = emptyStage(scenario.request);
  for (const fault of scenario.faults) fault.arm(stage);
  stage.sftp.midTransfer.sort((one, other) => one.afterBytes - other.afterBytes);

  const observed = await transferOnStage(scenario, stage);
  const complaints = judge(scenario, stage, observed);
  const left = await leftSince(before);
  complaints.push(...left.map((what) => `left behind: ${what}`));
  return { end: endOf(observed.outcome), complaints, seconds: (performance.now() - startedMs) / 1_000 };
}

async function transferOnStage(scenario: Scenario, stage: Stage): Promise<Observed> {
  const rig = await startTransferRig((request) => {
    for (const faultOf of stage.s3) {
      const fault = faultOf(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  });
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(`a warning: ${warning.message}`);
  process.on('warning', onWarning);
  const partner = await startPartner(scenario, stage, rig.folder);
  const slowLine =
    stage.lineBytesPerSecond === undefined
      ? undefined
      : await startSlowLine(partner.port, stage.lineBytesPerSecond);
  const proxy = await startTcpProxy({
    targetPort: slowLine?.port ?? partner.port,
    delayMs: stage.lineDelayMs,
    faultOf: (connectionNumber) => stage.line.get(connectionNumber),
  });
  const silent =
    stage.deadAddress === 'silent' ? await startSilentAddress(DEAD_ADDRESS, proxy.port) : undefined;
  try {
    const sourceSha256 = await writeSource(join(rig.folder, scenario.name), scenario.content());
    if (scenario.server === 'openssh') stage.request.sftp_file_path = join(rig.folder, scenario.name);
    await putEarlierObject(rig.store, stage);
    const earlier = await hashesOf(rig.store);
    const { attempts, outcome, plan, written } = await transfer(rig, stage, partner, proxy.port);
    return {
      outcome,
      printed: { text: describeForPeople(outcome, plan), json: describeAsJson(outcome, plan) },
      steps: attempts,
      written,
      sourceBytes: scenario.sizeBytes,
      sourceSha256,
      earlier,
      landed: await hashesOf(rig.store),
      openUploads: await rig.store.openUploads(),
      connections: proxy.connections,
      openConnections: await connectionsLeft(() => proxy.openConnections),
      ...partner.logins(),
      warnings,
    };
  } finally {
    await silent?.close();
    await proxy.close();
    await slowLine?.close();
    await partner.stop();
    await rig.close();
    process.off('warning', onWarning);
  }
}

async function transfer(rig: TransferRig, stage: Stage, partner: Partner, port: number) {
  const source = new Ssh2SftpServer({
    ...hostOf(stage),
    port,
    hostKeyFingerprints: [partner.hostKeyFingerprint],
    credentials: async () => partner.credentials,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    keepaliveIntervalMs: KEEPALIVE_INTERVAL_MS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    loginTimeoutMs: stage.lineBytesPerSecond === undefined ? LOGIN_TIMEOUT_MS : SLOW_LOGIN_TIMEOUT_MS,
  });
  const stop = new AbortController();
  const bytesRead = new Map<number, number>();
  let plan: ChunkPlan | undefined;
  const isLoginSlow = stage.lineBytesPerSecond !== undefined || stage.deadAddress === 'silent';
  const running = rig.transfer(source, stage.request, {
    ...(isLoginSlow && { patience: SLOW_LOGIN_PATIENCE }),
    signal: stop.signal,
    observer: {
      chunksPlanned(found) {
        plan = found;
      },
      chunkProgressed(chunkNumber, bytes) {
        if (stage.stopAfterBytes === undefined) return;
        bytesRead.set(chunkNumber, bytes);
        const total = [...bytesRead.values()].reduce((sum, one) => sum + one, 0);
        if (total > stage.stopAfterBytes) stop.abort();
      },
    },
  });
  const timeUp = new AbortController();
  try {
    const ended = await Promise.race([
      running,
      sleep(MAX_SECONDS * 1_000, undefined, { signal: timeUp.signal }).then(() => {
        throw new Error(`the transfer has not ended within ${MAX_SECONDS} s`);
      }),
    ]);
    return { ...ended, plan };
  } finally {
    timeUp.abort();
  }
}

/** A name with two addresses, where the first one is dead. */
function hostOf({ deadAddress }: Stage): Pick<SftpServerSettings, 'host' | 'lookup'> {
  if (deadAddress === undefined) return { host: ADDRESS };
  return { host: 'sftp.partner.test', lookup: async () => [DEAD_ADDRESS, ADDRESS] };
}

type Partner = Awaited<ReturnType<typeof startPartner>>;

async function startPartner(
  { login, server }: Scenario,
  { sftp, strangeHostKeysFrom }: Stage,
  folder: string,
) {
  if (server === 'openssh') {
    const sshd = await startSshd();
    const { hostKeyFingerprint, port, privateKey, username } = sshd;
    return {
      port,
      hostKeyFingerprint,
      credentials: { username, privateKey },
      logins: () => ({ loginAttempts: 0, loginAttemptsAtStrangers: 0, loggedInConnections: undefined }),
      stop: () => sshd.stop(),
    };
  }
  const faulty = await startFaultySftpServer({
    ...login.policy,
    rootDirectory: folder,
    faults: { ...(login.behaviour && { login: login.behaviour }), ...sftp },
  });
  return {
    port: faulty.port,
    hostKeyFingerprint: faulty.hostKeyFingerprint,
    credentials: login.credentials,
    logins: () => {
      const attempts = countedAttempts(faulty.record);
      const isStranger = (connectionNumber: number) => connectionNumber >= (strangeHostKeysFrom ?? Infinity);
      return {
        loginAttempts: attempts.length,
        loggedInConnections: new Set(attempts.map(({ connectionNumber }) => connectionNumber)).size,
        loginAttemptsAtStrangers: attempts.filter((attempt) => isStranger(attempt.connectionNumber)).length,
      };
    },
    stop: () => faulty.close(),
  };
}

async function writeSource(path: string, content: Iterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  const hashed = function* (): Generator<Buffer, void, undefined> {
    for (const bytes of content) {
      hash.update(bytes);
      yield bytes;
    }
  };
  await pipeline(Readable.from(hashed()), createWriteStream(path));
  await utimes(path, MODIFIED_AT, MODIFIED_AT);
  return hash.digest('hex');
}

async function putEarlierObject(store: LandingStore, { earlierObject, request }: Stage): Promise<void> {
  if (earlierObject === undefined) return;
  const key = `partner${request.sftp_file_path}`;
  await store.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: earlierObject }));
}

async function hashesOf(store: LandingStore): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const key of await store.keys()) hashes.set(key, await store.hashOf(key));
  return hashes;
}
