import { generateKeyPair } from '../../../local/sftp-server/host-key.ts';
import { dropAtCredential, refuseEveryone } from '../../support/sftp/faulty-login.ts';
import type { MidTransferEvent } from '../../support/sftp/faulty-reads.ts';
import { type FaultMaker, somewhere } from '../draft.ts';
import { abortRefused, s3IsDown } from './s3-faults.ts';

const MIB = 1024 ** 2;

const sourceChanges: FaultMaker = (random, draft) => {
  const change: MidTransferEvent = random.pick([
    { what: 'truncate', toBytes: Math.min(somewhere(random, draft), Math.max(0, draft.sizeBytes - 1)) },
    { what: 'grow', byBytes: random.integer(1, MIB) },
    { what: 'replace', bytes: Buffer.alloc(random.integer(0, MIB)) },
  ]);
  const event = { afterBytes: somewhere(random, draft), ...change };
  return {
    description: `the source: ${change.what} in mid-read`,
    mayEndWith: ['SourceChangedError'],
    forbidsLanding: ({ sftp }) => !sftp.midTransfer.includes(event),
    arm({ sftp }) {
      sftp.midTransfer.push(event);
    },
  };
};

/** 0 for a file that has bytes, one byte less, or anything in between; or a size that the file does not have yet. */
const falseSize: FaultMaker = (random, { sizeBytes }) => {
  const isOverstated = sizeBytes === 0 || random.chance(0.25);
  const reportedBytes = isOverstated
    ? sizeBytes + random.integer(1, MIB)
    : random.pick([0, sizeBytes - 1, random.integer(0, sizeBytes - 1)]);
  return {
    description: `the size reported as ${reportedBytes} bytes`,
    mayEndWith: ['SourceChangedError'],
    forbidsLanding: () => true,
    arm({ sftp }) {
      sftp.sizeOf = () => reportedBytes;
      delete sftp.answer; // one that also lies about where reading ends cannot be found out
    },
  };
};

const loginRefused: FaultMaker = (random) => {
  const login = random.pick([refuseEveryone, dropAtCredential]);
  return {
    description: login === refuseEveryone ? 'the login is refused' : 'the login ends the connection',
    mayEndWith: ['SftpAuthenticationError'],
    forbidsLanding: () => true,
    arm({ sftp }) {
      sftp.login = login;
    },
  };
};

const strangeHostKey: FaultMaker = (random, { maxConcurrency }) => {
  const from = random.integer(1, maxConcurrency + 2);
  return {
    description: `another host key from connection ${from} on`,
    mayEndWith: ['HostKeyMismatchError'],
    forbidsLanding: (_stage, connections) => connections >= from,
    arm(stage) {
      const otherKey = generateKeyPair().private;
      stage.strangeHostKeysFrom = from;
      stage.sftp.hostKeyFor = (connectionNumber) => (connectionNumber < from ? undefined : otherKey);
    },
  };
};

const unreadable: FaultMaker = () => ({
  description: 'the file may not be opened',
  mayEndWith: ['SourcePermissionError'],
  arm({ sftp }) {
    sftp.isUnreadable = () => true;
  },
});

const wrongPath = (path: string, error: 'SourceNotFoundError' | 'SourceNotAFileError'): FaultMaker => {
  return () => ({
    description: `asked for ${path}`,
    mayEndWith: [error],
    forbidsLanding: () => true,
    arm({ request }) {
      request.sftp_file_path = path;
    },
  });
};

const badRequest: FaultMaker = (random) => {
  const bad = random.pick([
    { chunk_size_bytes: random.integer(0, 5 * MIB - 1) },
    { max_concurrency: random.pick([0, 41, 1_000]) },
    { sftp_file_path: '/a\0b' },
    { sftp_file_path: `/${'long/'.repeat(1_000)}` },
    { target_s3_key: 'ü'.repeat(513) },
    { target_s3_bucket: 'somebody-elses' },
  ]);
  return {
    description: `a bad ${Object.keys(bad).join()}`,
    mayEndWith: ['InvalidTransferRequestError'],
    forbidsLanding: () => true,
    arm({ request }) {
      Object.assign(request, bad);
    },
  };
};

const targetExists: FaultMaker = (random) => {
  const ifExists = random.pick(['fail', 'replace'] as const);
  return {
    description: `an object has the key, if_exists ${ifExists}`,
    mayEndWith: ifExists === 'fail' ? ['TargetExistsError'] : [],
    forbidsLanding: () => ifExists === 'fail',
    arm(stage) {
      stage.request.if_exists = ifExists;
      stage.earlierObject = Buffer.from('the object that was there before');
    },
  };
};

const stopped: FaultMaker = (random, draft) => {
  const afterBytes = somewhere(random, draft);
  return {
    description: `stopped after ${afterBytes} bytes`,
    mayEndWith: ['ABORTED'],
    arm(stage) {
      stage.stopAfterBytes = afterBytes;
    },
  };
};

/** What ends a transfer, or may. */
export const FATAL_FAULTS: readonly FaultMaker[] = [
  sourceChanges,
  sourceChanges,
  sourceChanges,
  falseSize,
  falseSize,
  loginRefused,
  strangeHostKey,
  unreadable,
  wrongPath('/no such file', 'SourceNotFoundError'),
  wrongPath('/', 'SourceNotAFileError'),
  badRequest,
  targetExists,
  stopped,
  stopped,
  s3IsDown,
  abortRefused,
];
/** Those that any server can have. */
export const FATAL_FAULTS_OF_ANY_SERVER: readonly FaultMaker[] = [
  targetExists,
  stopped,
  s3IsDown,
  abortRefused,
];
