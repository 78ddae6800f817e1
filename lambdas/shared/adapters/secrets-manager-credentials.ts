import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { InvalidTransferRequestError, SftpConnectionError } from '../errors.ts';
import type { SftpCredentials } from './sftp/credentials.ts';

/** How long a container trusts what it read: a rotated secret is in use everywhere after this at the latest. */
export const CREDENTIALS_MAX_AGE_MS = 5 * 60_000;

const nonEmpty = z.string('it must be a string').min(1, 'it must not be empty').optional();
const secretSchema = z
  .object({
    Username: z.string('it must be a string').min(1, 'it must not be empty'),
    Password: nonEmpty,
    PrivateKey: nonEmpty,
    PrivateKeyPassphrase: nonEmpty,
  })
  .refine(({ Password, PrivateKey }) => Password !== undefined || PrivateKey !== undefined, {
    path: ['Password'],
    error: 'it or PrivateKey must be there',
  });

/** Shown in errors instead of what a secret holds. */
const HIDDEN = '(hidden)';

/** What Secrets Manager says when nothing but a person can help, by error name. */
const NEEDS_A_PERSON: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there must be such a secret, and an operator must have put a value into it',
  AccessDeniedException: 'the function must be allowed to read it',
  DecryptionFailure: 'the function must be allowed to use its KMS key',
  InvalidRequestException: 'it must not be scheduled for deletion',
  InvalidParameterException: 'it must be the name or ARN of a secret',
};

/**
 * A partner's credentials in Secrets Manager: JSON with the keys that AWS Transfer Family connectors use.
 *
 * Both methods throw InvalidTransferRequestError when the secret is missing, unreadable or malformed (naming the key
 * of the JSON, never a value), and SftpConnectionError, which is retried, when Secrets Manager does not answer.
 */
export class SecretsManagerCredentials {
  readonly #client: Pick<SecretsManagerClient, 'send'>;
  readonly #secretId: string;
  readonly #nowMs: () => number;
  #cached: { credentials: SftpCredentials; readAtMs: number } | undefined;

  /** @param nowMs the clock, for tests */
  constructor(client: Pick<SecretsManagerClient, 'send'>, secretId: string, nowMs: () => number = Date.now) {
    this.#client = client;
    this.#secretId = secretId;
    this.#nowMs = nowMs;
  }

  /** The present credentials, read at most once per CREDENTIALS_MAX_AGE_MS. */
  async current(): Promise<SftpCredentials> {
    const cached = this.#cached;
    if (cached !== undefined && this.#nowMs() - cached.readAtMs < CREDENTIALS_MAX_AGE_MS)
      return cached.credentials;
    const credentials = parseSecret(
      this.#secretId,
      await readSecret(this.#client, this.#secretId, 'AWSCURRENT'),
    );
    this.#cached = { credentials, readAtMs: this.#nowMs() };
    return credentials;
  }

  /** Those before the last rotation; undefined when there were none. Read each time. */
  async previous(): Promise<SftpCredentials | undefined> {
    const text = await readSecret(this.#client, this.#secretId, 'AWSPREVIOUS').catch((error: unknown) => {
      if (nameOf((error as Error).cause) === 'ResourceNotFoundException') return undefined;
      throw error;
    });
    return text === undefined ? undefined : parseSecret(this.#secretId, text);
  }
}

async function readSecret(
  client: Pick<SecretsManagerClient, 'send'>,
  secretId: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<string> {
  const answer = await client
    .send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage }))
    .catch((cause: unknown) => {
      const bound = NEEDS_A_PERSON[nameOf(cause) ?? ''];
      if (bound !== undefined)
        throw new InvalidTransferRequestError('the secret', secretId, bound, { cause });
      throw new SftpConnectionError(`the secret ${secretId} could not be read: ${nameOf(cause)}`, { cause });
    });
  if (answer.SecretString === undefined) {
    throw new InvalidTransferRequestError('the secret', secretId, 'it must hold text, not binary');
  }
  return answer.SecretString;
}

function parseSecret(secretId: string, text: string): SftpCredentials {
  // Neither parser's error is kept as cause: both may quote the text.
  const parsed = secretSchema.safeParse(parseJson(secretId, text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = `${String(issue?.path[0] ?? 'the JSON')} of the secret ${secretId}`;
    throw new InvalidTransferRequestError(field, HIDDEN, issue?.message ?? 'it is malformed');
  }
  const { Username, Password, PrivateKey, PrivateKeyPassphrase } = parsed.data;
  return {
    username: Username,
    ...(Password !== undefined && { password: Password }),
    ...(PrivateKey !== undefined && { privateKey: PrivateKey }),
    ...(PrivateKeyPassphrase !== undefined && { privateKeyPassphrase: PrivateKeyPassphrase }),
  };
}

function parseJson(secretId: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidTransferRequestError(`the secret ${secretId}`, HIDDEN, 'it must be JSON');
  }
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
