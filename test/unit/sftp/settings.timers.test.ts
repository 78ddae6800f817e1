import {
  SECRETS_ANSWER_TIMEOUT_MS,
  SECRETS_CONNECT_TIMEOUT_MS,
} from '../../../lambdas/shared/secrets-manager-client.ts';
import { DEFAULT_IDLE_TIMEOUT_MS as S3_IDLE_TIMEOUT_MS } from '../../../s3/client.ts';
import { NEXT_ADDRESS_DELAY_MS } from '../../../sftp/connect/dial.ts';
import {
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_KEEPALIVE_INTERVAL_MS,
  DEFAULT_LOGIN_TIMEOUT_MS,
  KEEPALIVE_MAX_UNANSWERED,
} from '../../../sftp/settings.ts';
import { MAX_CONNECT_TIMEOUT_SECONDS, MAX_LOGIN_TIMEOUT_SECONDS } from '../../../transfer/limits.ts';

/** The function of GetFileMetadata, as infra/pipeline/step-sizes.ts has it, less the margin of its deadline. */
const CANARY_MS = 110_000;

/** Of two timers that race, the one that knows the cause must win: each row is shorter than the next one. */
test.each<[string, number, string, number]>([
  ['a second address', NEXT_ADDRESS_DELAY_MS, 'connecting', DEFAULT_CONNECT_TIMEOUT_MS],
  ['a ping into silence', DEFAULT_KEEPALIVE_INTERVAL_MS, 'the idle time', DEFAULT_IDLE_TIMEOUT_MS],
  [
    'the idle time, which names the file',
    DEFAULT_IDLE_TIMEOUT_MS,
    'the end by keepalive, which does not',
    DEFAULT_KEEPALIVE_INTERVAL_MS * (KEEPALIVE_MAX_UNANSWERED + 1),
  ],
  ['the idle time of the partner', DEFAULT_IDLE_TIMEOUT_MS, 'that of the S3 client', S3_IDLE_TIMEOUT_MS],
  [
    'connecting and logging in',
    DEFAULT_CONNECT_TIMEOUT_MS + DEFAULT_LOGIN_TIMEOUT_MS,
    'the longest that may be set',
    (MAX_CONNECT_TIMEOUT_SECONDS + MAX_LOGIN_TIMEOUT_SECONDS) * 1_000,
  ],
  [
    'the longest connecting and logging in',
    (MAX_CONNECT_TIMEOUT_SECONDS + MAX_LOGIN_TIMEOUT_SECONDS) * 1_000,
    'the time of GetFileMetadata',
    CANARY_MS,
  ],
  ['reaching Secrets Manager', SECRETS_CONNECT_TIMEOUT_MS, 'its answer', SECRETS_ANSWER_TIMEOUT_MS],
  [
    'three answers of Secrets Manager',
    3 * SECRETS_ANSWER_TIMEOUT_MS,
    'the time of GetFileMetadata',
    CANARY_MS,
  ],
])('%s (%d ms) comes before %s (%d ms)', (_sooner, soonerMs, _later, laterMs) => {
  expect(soonerMs).toBeLessThan(laterMs);
});
