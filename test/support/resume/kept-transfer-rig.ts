import { createHash, randomBytes } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptUploads } from '../../../ledger/kept-uploads.ts';
import { memoryUploads } from '../../../ledger/partner-uploads.ts';
import type { TransferOutcome } from '../../../local/local-transfer.ts';
import type { ResumedUpload, TransferRequest } from '../../../transfer/contracts.ts';
import type { S3Fault, S3Request } from '../s3/s3-fault-front.ts';
import { refuseEveryone } from '../sftp/faulty-login.ts';
import {
  type FaultySftpServer,
  type SftpServerFaults,
  startFaultySftpServer,
} from '../sftp/faulty-sftp-server.ts';
import { PASSWORD, sourceOf, USERNAME } from '../sftp/partner.ts';
import { MIB, type RigTransferOptions, startTransferRig, type TransferRig } from '../transfer-rig.ts';

export const CHUNK_BYTES = 5 * MIB;
const NAME = 'file.bin';
export const PATH = `/${NAME}`;
/** Whole seconds, as SFTP shows it. */
export const MODIFIED_AT_SECONDS = 1_700_000_000;

/** When the partner refuses all further logins, and ends its connections. */
export type Cut = { afterChunk: number } | 'before the first byte';

export interface ResumeEnd {
  outcome: TransferOutcome;
  /** What ResumeUpload returned; undefined where it did not end well. */
  resumed: ResumedUpload | undefined;
  /** Bytes that the server has sent meanwhile. */
  bytesRead: number;
}

/** Transfers of one file through the workflow file that fail, keep their parts, and are resumed. */
export interface KeptTransferRig extends Pick<TransferRig, 'store' | 'front'> {
  server: FaultySftpServer;
  uploads: KeptUploads;
  s3FaultOf: (request: S3Request) => S3Fault | undefined;
  /** Writes the file. @returns its SHA-256 */
  put(bytes: Buffer, modifiedAtSeconds?: number): string;
  /** A transfer that fails after some of its chunks have landed. @returns its id */
  failAfter(cut: Cut, options?: RigTransferOptions): Promise<{ execution: string; outcome: TransferOutcome }>;
  /** Goes on with it, one chunk at a time. */
  resume(
    execution: string,
    options?: RigTransferOptions & { request?: Partial<TransferRequest> },
  ): Promise<ResumeEnd>;
  close(): Promise<void>;
}

export async function startKeptTransferRig(): Promise<KeptTransferRig> {
  const faults: Pick<KeptTransferRig, 's3FaultOf'> = { s3FaultOf: () => undefined };
  const rig = await startTransferRig((request) => faults.s3FaultOf(request));
  const server = await startFaultySftpServer({
    rootDirectory: rig.folder,
    username: USERNAME,
    password: PASSWORD,
  });
  const uploads = memoryUploads(Date.now);
  const keeping = { uploads, keepPartsDays: 3, resumeCommand: 'resume it' };
  let executions = 0;
  let sizeBytes = 0;
  const nextExecution = () => {
    executions += 1;
    return `execution-${executions}`;
  };
  const request = { sftp_file_path: PATH, target_s3_key: 'in/file.bin', max_concurrency: 1 };

  /** The reader is ahead of S3: what must not land is not answered, up to the file's end, whose proof is another read. */
  const holdReadsFrom =
    (startByte: number): SftpServerFaults['answer'] =>
    (_sftp, { kind, parameters: [, position] }) =>
      kind === 'READ' && Number(position) >= startByte && Number(position) < sizeBytes;

  return {
    store: rig.store,
    front: rig.front,
    server,
    uploads,
    get s3FaultOf() {
      return faults.s3FaultOf;
    },
    set s3FaultOf(faultOf) {
      faults.s3FaultOf = faultOf;
    },
    put(bytes, modifiedAtSeconds = MODIFIED_AT_SECONDS) {
      sizeBytes = bytes.length;
      const file = join(rig.folder, NAME);
      writeFileSync(file, bytes);
      utimesSync(file, modifiedAtSeconds, modifiedAtSeconds);
      return createHash('sha256').update(bytes).digest('hex');
    },
    async failAfter(cut, options = {}) {
      const refuse = () => {
        server.faults.login = refuseEveryone;
        server.dropConnections();
      };
      const observer =
        cut === 'before the first byte'
          ? { chunksPlanned: refuse }
          : { chunkLanded: (number: number) => number === cut.afterChunk && refuse() };
      if (cut !== 'before the first byte') server.faults.answer = holdReadsFrom(cut.afterChunk * CHUNK_BYTES);
      const execution = nextExecution();
      const { outcome } = await rig.transfer(sourceOf(server), request, {
        keeping,
        observer: observer as NonNullable<RigTransferOptions['observer']>,
        executionId: execution,
        ...options,
      });
      delete server.faults.login;
      delete server.faults.answer;
      return { execution, outcome };
    },
    async resume(execution, { request: more, observer, ...options } = {}) {
      let resumed: ResumedUpload | undefined;
      const before = server.record.bytesServed;
      const { outcome } = await rig.transfer(
        sourceOf(server),
        { ...request, ...more, resume_execution: execution },
        {
          keeping,
          executionId: nextExecution(),
          observer: {
            ...observer,
            uploadResumed(found) {
              resumed = found;
              observer?.uploadResumed?.(found);
            },
          },
          ...options,
        },
      );
      return { outcome, resumed, bytesRead: server.record.bytesServed - before };
    },
    async close() {
      await server.close();
      await rig.close();
    },
  };
}

/** `chunks` whole chunks and `more` bytes. */
export const randomFile = (chunks: number, more = 0): Buffer => randomBytes(chunks * CHUNK_BYTES + more);

/** The rows of a rig that nobody holds a claim of. */
export async function keptUploads(uploads: KeptUploads) {
  const found = [];
  for await (const upload of uploads.list()) found.push(upload);
  return found;
}
