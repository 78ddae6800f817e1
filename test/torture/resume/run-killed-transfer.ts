import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shellWord } from '../../../cli/format/shell-word.ts';
import { KEY, type ResumeRig, startResumeRig, type TransferRun } from '../../support/resume/resume-rig.ts';
import { type S3Fault, type S3Request, startS3FaultFront } from '../../support/s3/s3-fault-front.ts';
import { leftSince, takeInventory } from '../inventory.ts';
import type { ScenarioResult } from '../run-scenario.ts';
import { CHUNK_BYTES, type Kill, type KilledTransfer } from './killed-transfer.ts';

/** Chunks that a resume reads once more, to prove that it is still the same file (design: sample proof). */
const MAX_SAMPLE_CHUNKS = 3;
/** No process takes so long. */
const MAX_SECONDS = 120;

/** Moves the file, killing and resuming, judges every end, and looks at what is left. */
export async function runKilledTransfer(transfer: KilledTransfer): Promise<ScenarioResult> {
  const startedMs = performance.now();
  const before = await takeInventory();
  const folder = mkdtempSync(path.join(tmpdir(), 'killed-'));
  const complaints: string[] = [];
  try {
    complaints.push(...(await killAndResume(transfer, folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const left = await leftSince(before);
  complaints.push(...left.map((what) => `left behind: ${what}`));
  return { end: 'SUCCEEDED', complaints, seconds: (performance.now() - startedMs) / 1_000 };
}

async function killAndResume(transfer: KilledTransfer, folder: string): Promise<string[]> {
  const rig = await startResumeRig(folder);
  let onRequest: (request: S3Request) => void = () => {};
  const front = await startS3FaultFront(rig.endpoint, (request): S3Fault | undefined => {
    onRequest(request);
    return undefined;
  });
  rig.endpoint = front.endpoint;
  const flags = [
    '--chunk-size',
    String(CHUNK_BYTES),
    '--max-concurrency',
    String(transfer.width),
    '--resume',
  ];
  const complaints: string[] = [];
  let told = '';
  try {
    const { sha256 } = rig.put(Buffer.concat([...transfer.content()]));
    for (const kill of transfer.kills) {
      const { child, ended } = rig.start(flags);
      const readBefore = rig.bytesServed;
      const strike = () => void child.kill('SIGKILL');
      onKill(kill, transfer, rig, readBefore, strike, (listener) => {
        onRequest = listener;
      });
      const run = await within(ended);
      onRequest = () => {};
      delete rig.hooks.read;
      told += run.stderr;
      complaints.push(...judgeRun(run, transfer, rig.bytesServed - readBefore));
    }
    const readBefore = rig.bytesServed;
    const last = await within(rig.start(flags).ended);
    complaints.push(...judgeRun(last, transfer, rig.bytesServed - readBefore));
    if (last.json.status !== 'SUCCEEDED')
      complaints.push(`the last process, which nobody killed, ended with ${last.exitCode}: ${last.stderr}`);
    const landed = await rig.store.hashOf(KEY);
    if (landed !== sha256) complaints.push(`the object is not the file: ${landed}`);
    told += last.stderr;
    for (const uploadId of await rig.store.openUploads())
      if (!isExcused(uploadId, transfer, told)) complaints.push(`an upload is left: ${uploadId}`);
    return complaints;
  } finally {
    await front.close();
    await rig.close();
  }
}

/**
 * Of an upload that S3 had begun when the process was killed that asked for it, nobody knew the id. The next one finds it
 * and cannot tell whether somebody works on it, so that it has to name it, with the command that removes it.
 */
function isExcused(uploadId: string, { kills }: KilledTransfer, told: string): boolean {
  const wasKilledSo = kills.some((kill) => kill.at === 'S3' && kill.operation === 'CreateMultipartUpload');
  return wasKilledSo && told.includes(`--upload-id ${shellWord(uploadId)}`);
}

/** Calls `strike` when it is time. */
function onKill(
  kill: Kill,
  { sizeBytes }: KilledTransfer,
  rig: ResumeRig,
  readBefore: number,
  strike: () => void,
  listenToS3: (listener: (request: S3Request) => void) => void,
): void {
  if (kill.at === 'read') {
    rig.hooks.read = (request, read) => {
      if (rig.bytesServed - readBefore >= kill.share * sizeBytes) strike();
      return read(request.lengthBytes);
    };
    return;
  }
  let seen = 0;
  listenToS3(({ operation }) => {
    if (operation !== kill.operation) return;
    seen += 1;
    if (seen === kill.number) strike();
  });
}

/**
 * A process that was killed says nothing. One that came to its end before it was to be killed must have landed, having read
 * no more than what was missing, the sample, and what was in the hands of the workers before.
 */
function judgeRun(
  { exitCode, json, signal, stderr }: TransferRun,
  transfer: KilledTransfer,
  bytesRead: number,
): string[] {
  if (signal === 'SIGKILL') return [];
  if (exitCode !== 0 || json.status !== 'SUCCEEDED')
    return [`a process ended with ${exitCode}, ${json.status} ${json.error}: ${json.cause} ${stderr}`];
  const resumed = json.resumed as { finished_chunks: number; proved_chunks: readonly number[] } | undefined;
  const chunks = Math.ceil(transfer.sizeBytes / CHUNK_BYTES);
  if (resumed === undefined) {
    return bytesRead === transfer.sizeBytes
      ? []
      : [`nothing was resumed, and ${bytesRead} of ${transfer.sizeBytes} bytes were read`];
  }
  const { finished_chunks: finished, proved_chunks: proved } = resumed;
  const complaints: string[] = [];
  if (proved.length > MAX_SAMPLE_CHUNKS) complaints.push(`the sample has ${proved.length} chunks`);
  const expected = (chunks - finished + proved.length) * CHUNK_BYTES;
  // The last chunk may be shorter.
  if (bytesRead > expected || bytesRead <= expected - 2 * CHUNK_BYTES)
    complaints.push(`${finished} of ${chunks} chunks were finished, and ${bytesRead} bytes were read`);
  return complaints;
}

async function within(ended: Promise<TransferRun>): Promise<TransferRun> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`a process has not ended within ${MAX_SECONDS} s`)),
      MAX_SECONDS * 1_000,
    );
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
