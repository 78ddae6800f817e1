import type { S3Fault, S3Operation } from '../../support/s3/s3-fault-front.ts';
import type { FaultMaker } from '../draft.ts';
import type { SeededRandom } from '../seeded-random.ts';

const MIB = 1024 ** 2;

const refuse = (random: SeededRandom): S3Fault => ({ what: 'refuse', status: random.pick([500, 503]) });
const delay = (random: SeededRandom): S3Fault => ({ what: 'delay', delayMs: random.integer(50, 800) });
const resetAtOnce = (): S3Fault => ({ what: 'reset', afterBytes: 0 });
const resetInBody = (random: SeededRandom): S3Fault => ({
  what: 'reset',
  afterBytes: random.integer(1, 5 * MIB),
});
const loseTheAnswer = (): S3Fault => ({ what: 'lose the answer' });
const errorInside200 = (): S3Fault => ({ what: 'error inside 200' });

/**
 * A lost answer of CreateMultipartUpload is not among them: nobody can know such an upload's id, so only the bucket's
 * lifecycle rule ends it.
 */
const FAULTS_OF: readonly [S3Operation, readonly ((random: SeededRandom) => S3Fault)[]][] = [
  ['CreateMultipartUpload', [refuse, delay]],
  ['UploadPart', [refuse, delay, resetAtOnce, resetInBody, loseTheAnswer]],
  ['ListParts', [refuse, delay, resetAtOnce]],
  ['CompleteMultipartUpload', [refuse, delay, resetAtOnce, loseTheAnswer, errorInside200]],
  ['HeadObject', [refuse, delay, resetAtOnce]],
  ['AbortMultipartUpload', [refuse, delay, resetAtOnce, loseTheAnswer]],
];

const passing: FaultMaker = (random, { chunkCount }) => {
  const [operation, makers] = random.pick(FAULTS_OF);
  const fault = random.pick(makers)(random);
  const latest = operation === 'UploadPart' ? chunkCount + 1 : 2;
  const numbers = [...new Set([random.integer(1, latest), random.integer(1, latest)])].toSorted(
    (a, b) => a - b,
  );
  const told = fault.what === 'refuse' ? String(fault.status) : fault.what;
  return {
    description: `S3: ${told} at ${operation} ${numbers.join(' and ')}`,
    mayEndWith: [],
    arm({ s3 }) {
      s3.push((request) =>
        request.operation === operation && numbers.includes(request.number) ? fault : undefined,
      );
    },
  };
};

/** What S3 does that a transfer survives. */
export const S3_FAULTS: readonly FaultMaker[] = [passing];

/** A part fails for good, and so does every abort; then S3 may refuse to show as well what is left. */
export const abortRefused: FaultMaker = (random, draft) => {
  const showsParts = random.chance(0.5);
  const down = s3IsDown(random, draft);
  const refusal = refuse(random);
  let wasAborted = false;
  return {
    description: `${down.description}, refuses to abort${showsParts ? '' : ' and then to list'}`,
    mayEndWith: down.mayEndWith,
    ...(down.forbidsLanding !== undefined && { forbidsLanding: down.forbidsLanding }),
    arm(stage) {
      stage.uploadMayBeLeft = true;
      down.arm(stage);
      stage.s3.push(({ operation }) => {
        if (operation === 'AbortMultipartUpload') wasAborted = true;
        const isRefused =
          operation === 'AbortMultipartUpload' || (operation === 'ListParts' && wasAborted && !showsParts);
        return isRefused ? refusal : undefined;
      });
    },
  };
};

/** What S3 does that no transfer survives. */
export const s3IsDown: FaultMaker = (random, { chunkCount }) => {
  const fault = refuse(random);
  const from = random.integer(1, chunkCount);
  let happened = false;
  return {
    description: `S3: takes no part from the ${from}. on`,
    mayEndWith: ['UploadFailedError'],
    forbidsLanding: () => happened,
    arm({ s3 }) {
      s3.push(({ operation, number }) => {
        if (operation !== 'UploadPart' || number < from) return undefined;
        happened = true;
        return fault;
      });
    },
  };
};
