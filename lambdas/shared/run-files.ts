import { z } from 'zod';
import { type FolderRun, folderRunSchema } from '../../folder/run/folder-run.ts';
import { runKeys } from '../../folder/run/state-keys.ts';
import type { StateFiles } from '../../s3/ports.ts';
import { parseContract } from '../../transfer/contracts.ts';
import { InvalidTransferRequestError } from '../../transfer/errors.ts';

const refusalSchema = z.object({ name: z.string(), message: z.string() });
/** What the server answered to a login that it refused. */
export type Refusal = z.infer<typeof refusalSchema>;

/** What came of one file of a run, as a worker notes it. */
const fileOutcomeSchema = z.object({
  path: z.string(),
  status: z.enum(['landed', 'not-ready', 'vanished', 'not-claimed', 'failed', 'not-tried']),
  /** Of `not-claimed`. */
  reason: z.string().optional(),
  /** Of `failed`. */
  error: z.object({ name: z.string(), message: z.string() }).optional(),
  /** Of `landed`. */
  size_bytes: z.number().optional(),
  key: z.string().optional(),
  generation: z.number().optional(),
});
export type FileOutcome = z.infer<typeof fileOutcomeSchema>;

/** What the steps of one run tell each other by S3. All methods may throw UploadFailedError. */
export class RunFiles {
  readonly #files: StateFiles;
  readonly #keys: ReturnType<typeof runKeys>;

  constructor(files: StateFiles, partner: string, runId: string) {
    this.#files = files;
    this.#keys = runKeys(partner, runId);
  }

  /** @throws InvalidTransferRequestError where the run was never planned, or its lifecycle rule has removed it */
  async run(signal: AbortSignal): Promise<FolderRun> {
    const file = await this.#files.find(this.#keys.run, signal);
    if (file === undefined) {
      throw new InvalidTransferRequestError('run', this.#keys.run, 'there must be such a plan of a run');
    }
    return parseContract(folderRunSchema, JSON.parse(textOf(file.bytes)));
  }

  async writeRun(run: FolderRun, signal: AbortSignal): Promise<void> {
    await this.#files.write(this.#keys.run, Buffer.from(JSON.stringify(run)), signal);
  }

  async writeLines(
    which: 'batches' | 'large' | 'decisions',
    lines: Iterable<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#files.write(this.#keys[which], toJsonLines(lines), signal);
  }

  /** Undefined where there is no such file. */
  async readLines(
    which: 'batches' | 'large' | 'decisions',
    signal: AbortSignal,
  ): Promise<unknown[] | undefined> {
    const file = await this.#files.find(this.#keys[which], signal);
    return file && fromJsonLines(file.bytes);
  }

  /** @param worker differs for each file that is written: nothing is ever overwritten */
  async noteOutcomes(worker: string, outcomes: readonly FileOutcome[], signal: AbortSignal): Promise<void> {
    if (outcomes.length === 0) return;
    await this.#files.write(`${this.#keys.outcomes}${worker}.jsonl`, toJsonLines(outcomes), signal);
  }

  async *outcomes(signal: AbortSignal): AsyncIterable<FileOutcome> {
    for await (const key of this.#files.list(this.#keys.outcomes, signal)) {
      const file = await this.#files.find(key, signal);
      if (file === undefined) continue;
      for (const line of fromJsonLines(file.bytes)) yield parseContract(fileOutcomeSchema, line);
    }
  }

  /** Whether the server has refused a login in this run. */
  async refusal(signal: AbortSignal): Promise<Refusal | undefined> {
    const file = await this.#files.find(this.#keys.refusal, signal);
    return file && parseContract(refusalSchema, JSON.parse(textOf(file.bytes)));
  }

  async noteRefusal({ name, message }: Refusal, signal: AbortSignal): Promise<void> {
    await this.#files.write(this.#keys.refusal, Buffer.from(JSON.stringify({ name, message })), signal);
  }
}

/** Errors after which nobody tries a login again in this run: repeats get our addresses banned. */
export function isRefusal(name: string): boolean {
  return name === 'SftpAuthenticationError' || name === 'HostKeyMismatchError';
}

const FIRST_BYTES = 1024 ** 2;
const LINE_END = 0x0a;

/**
 * Into one piece of memory, which moves when it is full: pieces that are joined at the end would be there twice, and one
 * string of a million lines would be too long for JavaScript.
 */
function toJsonLines(lines: Iterable<unknown>): Uint8Array {
  let memory = Buffer.from(new ArrayBuffer(FIRST_BYTES));
  let length = 0;
  for (const line of lines) {
    const text = JSON.stringify(line);
    const needed = length + Buffer.byteLength(text) + 1;
    if (needed > memory.length) {
      memory = Buffer.from(memory.buffer.transfer(Math.max(needed, Math.ceil(memory.length * 1.5))));
    }
    length += memory.write(text, length);
    memory[length] = LINE_END;
    length += 1;
  }
  return memory.subarray(0, length);
}

function fromJsonLines(bytes: Uint8Array): unknown[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: unknown[] = [];
  for (let from = 0; from < buffer.length; ) {
    const end = buffer.indexOf(LINE_END, from);
    const to = end === -1 ? buffer.length : end;
    if (to > from) lines.push(JSON.parse(buffer.toString('utf8', from, to)));
    from = to + 1;
  }
  return lines;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
