import { type FaultMaker, somewhere, times } from '../draft.ts';
import { oddStatus } from './answer-faults.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
/** A transfer is slowed down to this long at most. */
const SLOW_SECONDS = 3;
/** A file of this size takes some 15,000 reads of 4 KiB. */
const SMALLEST_READ_BYTES_UP_TO = 64 * MIB;

const inMidRead =
  (what: 'drop' | 'stall', noun: string, most: number): FaultMaker =>
  (random, draft) => {
    const count = random.integer(1, most);
    const events = Array.from({ length: count }, () => ({ what, afterBytes: somewhere(random, draft) }));
    return {
      description: `${times(count, noun)} in mid-read`,
      mayEndWith: [],
      arm({ sftp }) {
        sftp.midTransfer.push(...events);
      },
    };
  };

const shortReads: FaultMaker = (random) => {
  const isHalf = random.chance(0.3);
  return {
    description: isHalf ? 'answers of half the length' : 'answers of any length',
    mayEndWith: [],
    arm({ sftp }) {
      // Not from the seed: the reads do not come in the same order in every run.
      sftp.shortRead = (lengthBytes) => Math.ceil(lengthBytes * (isHalf ? 0.5 : 0.2 + 0.8 * Math.random()));
    },
  };
};

const smallReads: FaultMaker = (random, { sizeBytes }) => {
  const smallest = sizeBytes > SMALLEST_READ_BYTES_UP_TO ? 16 * KIB : 4_000;
  const limitBytes = random.logarithmic(smallest, 100_000);
  return {
    description: `reads of at most ${limitBytes} bytes`,
    mayEndWith: [],
    arm({ sftp }) {
      sftp.maxReadBytes = limitBytes;
    },
  };
};

const slowServer: FaultMaker = (random, { sizeBytes }) => {
  const bytesPerSecond = Math.max(
    MIB,
    Math.round(sizeBytes / (SLOW_SECONDS * (0.2 + 0.8 * random.fraction()))),
  );
  return {
    description: `${(bytesPerSecond / MIB).toFixed(1)} MiB/s in all`,
    mayEndWith: [],
    arm({ sftp }) {
      sftp.bytesPerSecond = bytesPerSecond;
    },
  };
};

const fewSessions: FaultMaker = (random) => {
  const count = random.integer(1, 3);
  return {
    description: `at most ${times(count, 'session')} a connection`,
    mayEndWith: [],
    arm({ sftp }) {
      sftp.maxSessions = count;
    },
  };
};

const lostBeforeHandshake: FaultMaker = (random, { maxConcurrency }) => {
  const numbers = random.sample(
    Array.from({ length: maxConcurrency + 3 }, (_, index) => index + 1),
    random.integer(1, 3),
  );
  return {
    description: `${times(numbers.length, 'connection')} lost before the handshake`,
    mayEndWith: [],
    arm({ sftp }) {
      sftp.loseBeforeHandshake = (connectionNumber) => numbers.includes(connectionNumber);
    },
  };
};

/** What a server does that a transfer survives, or that it may end with by its own name. */
export const SERVER_FAULTS: readonly FaultMaker[] = [
  inMidRead('drop', 'reset', 4),
  inMidRead('stall', 'silence', 2),
  shortReads,
  smallReads,
  slowServer,
  fewSessions,
  lostBeforeHandshake,
  oddStatus,
];
