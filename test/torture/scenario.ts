import type { TransferRequest } from '../../transfer/contracts.ts';
import { S3_MIN_PART_SIZE_BYTES } from '../../transfer/limits.ts';
import type { TransferDraft } from './draft.ts';
import { FATAL_FAULTS, FATAL_FAULTS_OF_ANY_SERVER } from './faults/fatal-faults.ts';
import { LINE_FAULTS, slowLine } from './faults/line-faults.ts';
import { S3_FAULTS } from './faults/s3-faults.ts';
import { SERVER_FAULTS } from './faults/server-faults.ts';
import { drawLogin, type Login } from './logins.ts';
import { SeededRandom } from './seeded-random.ts';
import type { StagedFault } from './staged-faults.ts';

const MIB = 1024 ** 2;
const KIB = 1024;
const MAX_SIZE_BYTES = 300 * MIB;
/** Lines on which life is hard to tell from death, and how long the file takes on them. */
const SLOW_LINES_KIB_PER_SECOND = { least: 5, most: 60 };
const SLOW_LINE_MAX_SECONDS = 6;
/** Most files are smaller, so that the time goes into faults and not into bytes. */
const USUAL_MAX_SIZE_BYTES = 48 * MIB;

const NAMES = [
  'plain.bin',
  'Lieferung Übergröße 2026.csv',
  '🚚 貨物.dat',
  `it's "quoted" & <marked>.xml`,
  'two\nlines.txt',
  '..hidden..',
  '-rf',
  'a%2Fb+c=d?e#f.bin',
  `${'long-'.repeat(48)}.bin`,
];

/** One transfer, and what goes wrong with it. */
export interface Scenario {
  server: 'embedded' | 'openssh';
  name: string;
  sizeBytes: number;
  /** Yields the file's bytes. */
  content(): Iterable<Buffer>;
  request: TransferRequest & { chunk_size_bytes: number; max_concurrency: number };
  login: Login;
  faults: StagedFault[];
}

/** @param seed names the scenario: the same seed draws the same one */
export function drawScenario(seed: string): Scenario {
  const random = new SeededRandom(seed);
  const chunkSizeBytes = S3_MIN_PART_SIZE_BYTES + (random.chance(0.3) ? 0 : random.integer(1, 12 * MIB));
  const maxConcurrency = random.integer(1, 8);
  const slowKibPerSecond = random.chance(0.1) ? drawSlowLine(random) : undefined;
  const sizeBytes =
    slowKibPerSecond === undefined
      ? drawSize(random, chunkSizeBytes)
      : slowKibPerSecond * random.integer(KIB, SLOW_LINE_MAX_SECONDS * KIB);
  const draft: TransferDraft = {
    sizeBytes,
    chunkCount: Math.max(1, Math.ceil(sizeBytes / chunkSizeBytes)),
    maxConcurrency,
  };
  const server = random.chance(0.15) ? 'openssh' : 'embedded';
  const name = random.pick(NAMES);
  const faults = drawFaults(random, draft, server);
  if (slowKibPerSecond !== undefined) faults.push(slowLine(slowKibPerSecond)(random, draft));
  return {
    server,
    name,
    sizeBytes,
    content: () => random.bytes(sizeBytes),
    request: {
      sftp_file_path: `/${name}`,
      chunk_size_bytes: chunkSizeBytes,
      max_concurrency: maxConcurrency,
    },
    login: drawLogin(random),
    faults,
  };
}

const drawSlowLine = (random: SeededRandom): number =>
  random.integer(SLOW_LINES_KIB_PER_SECOND.least, SLOW_LINES_KIB_PER_SECOND.most);

function drawSize(random: SeededRandom, chunkSizeBytes: number): number {
  const kind = random.fraction();
  if (kind < 0.05) return random.integer(0, 1);
  if (kind < 0.15) return random.logarithmic(2, MIB);
  if (kind < 0.3) return chunkSizeBytes * random.integer(1, 3) + random.integer(-1, 1);
  if (kind < 0.37) return random.integer(USUAL_MAX_SIZE_BYTES, MAX_SIZE_BYTES);
  return random.integer(MIB, USUAL_MAX_SIZE_BYTES);
}

function drawFaults(random: SeededRandom, draft: TransferDraft, server: Scenario['server']): StagedFault[] {
  const passing = [
    ...LINE_FAULTS,
    ...S3_FAULTS,
    ...S3_FAULTS,
    ...(server === 'embedded' ? SERVER_FAULTS : []),
  ];
  const fatal = server === 'embedded' ? FATAL_FAULTS : FATAL_FAULTS_OF_ANY_SERVER;
  const makers = random.sample(passing, random.integer(0, 4));
  if (random.chance(0.35)) makers.push(random.pick(fatal));
  return makers.map((make) => make(random, draft));
}

/** Such as `12.3 MiB in chunks of 5.0 MiB, 4 at a time, from sshd by key: 2 resets in mid-read`. */
export function describeScenario({ faults, login, name, request, server, sizeBytes }: Scenario): string {
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
  const size = sizeBytes < MIB ? `${sizeBytes} bytes` : mib(sizeBytes);
  const from = server === 'openssh' ? 'sshd' : `the embedded server ${login.description}`;
  const told = faults.map(({ description }) => description).join('; ') || 'no fault';
  const chunks = `in chunks of ${mib(request.chunk_size_bytes)}, ${request.max_concurrency} at a time`;
  return `${JSON.stringify(name.slice(0, 20))}, ${size} ${chunks}, from ${from}: ${told}`;
}
