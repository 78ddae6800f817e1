import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { SftpCredentials } from '../../sftp/settings.ts';
import { InvalidTransferRequestError, SftpConnectionError } from '../../transfer/errors.ts';

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

/** Which version to read: by the stage that it is in, or by its id. */
type VersionChoice = { VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS' } | { VersionId: string };

/**
 * A partner's credentials in Secrets Manager: JSON with the keys that AWS Transfer Family connectors use.
 *
 * All methods throw InvalidTransferRequestError when the secret is missing, unreadable or malformed (naming the key
 * of the JSON, never a value), SftpConnectionError, which is retried, when Secrets Manager does not answer, and the
 * signal's reason.
 */
export class SecretsManagerCredentials {
  readonly #client: Pick<SecretsManagerClient, 'send'>;
  readonly #secretId: string;
  /** A version never changes. One is enough: a container works on few executions at a time. */
  #lastVersion: SftpCredentials | undefined;

  constructor(client: Pick<SecretsManagerClient, 'send'>, secretId: string) {
    this.#client = client;
    this.#secretId = secretId;
  }

  /** The present credentials; read each time, so that a login never uses what was rotated away. */
  async current(signal: AbortSignal): Promise<SftpCredentials> {
    return this.#read({ VersionStage: 'AWSCURRENT' }, signal);
  }

  /** Those of one version, as `secretVersionId` names it. */
  async version(id: string, signal: AbortSignal): Promise<SftpCredentials> {
    signal.throwIfAborted();
    if (this.#lastVersion?.secretVersionId !== id)
      this.#lastVersion = await this.#read({ VersionId: id }, signal);
    return this.#lastVersion;
  }

  /** Those before the last rotation; undefined when there were none, or the same. Read each time. */
  async previous(signal: AbortSignal): Promise<SftpCredentials | undefined> {
    const previous = await this.#read({ VersionStage: 'AWSPREVIOUS' }, signal).catch((error: Error) => {
      if (nameOf(error.cause) === 'ResourceNotFoundException') return undefined;
      throw error;
    });
    if (previous === undefined) return undefined;
    return isSameLogin(previous, await this.current(signal)) ? undefined : previous;
  }

  async #read(choice: VersionChoice, signal: AbortSignal): Promise<SftpCredentials> {
    signal.throwIfAborted();
    const secretId = this.#secretId;
    const answer = await this.#client
      .send(new GetSecretValueCommand({ SecretId: secretId, ...choice }), { abortSignal: signal })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        const cause = withoutAnswer(error);
        const bound = NEEDS_A_PERSON[cause.name];
        if (bound !== undefined)
          throw new InvalidTransferRequestError('the secret', secretId, bound, { cause });
        throw new SftpConnectionError(`the secret ${secretId} could not be read: ${cause.name}`, { cause });
      });
    if (answer.SecretString === undefined) {
      throw new InvalidTransferRequestError('the secret', secretId, 'it must hold text, not binary');
    }
    const credentials = parseSecret(secretId, answer.SecretString);
    return answer.VersionId === undefined
      ? credentials
      : { ...credentials, secretVersionId: answer.VersionId };
  }
}

function isSameLogin(one: SftpCredentials, other: SftpCredentials): boolean {
  const keys = ['username', 'password', 'privateKey', 'privateKeyPassphrase'] as const;
  return keys.every((key) => one[key] === other[key]);
}

function parseSecret(secretId: string, text: string): SftpCredentials {
  // Neither parser's error is kept as cause: both may quote the text.
  const value = parseJson(secretId, text);
  const parsed = secretSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = String(issue?.path[0] ?? 'the JSON');
    if (
      typeof value === 'object' &&
      value !== null &&
      !Object.hasOwn(value, key) &&
      issue?.path.length === 1
    ) {
      const missing = key === 'Password' ? 'Password and no PrivateKey' : key;
      const bound = `there is no ${missing}; the secret has: ${keysOf(value)}`;
      throw new InvalidTransferRequestError('the secret', secretId, bound);
    }
    const field = `${key} of the secret ${secretId}`;
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

/** Names that are near to ours. Any other may be part of a value that was put in the wrong place. */
const KEY_LIKE_OURS =
  /^(user|user_?name|login|pass|password|pass_?phrase|(private_?)?key|private_?key_?pass_?phrase)$/i;

/** The keys of a secret as an error may show them. */
function keysOf(value: object): string {
  const keys = Object.keys(value);
  const shown = keys.filter((key) => KEY_LIKE_OURS.test(key));
  const others = keys.length - shown.length;
  const rest = others === 0 ? [] : [`${others} of other names`];
  return [...shown, ...rest].join(', ') || 'nothing';
}

function parseJson(secretId: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidTransferRequestError(`the secret ${secretId}`, HIDDEN, 'it must be JSON');
  }
}

/**
 * A failed call's name and message. The SDK's own error has fields of the answer, and one about an answer that cannot
 * be parsed quotes it: logs show both, and an answer of Secrets Manager may hold the secret.
 */
function withoutAnswer(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const shown = name === 'SyntaxError' ? 'the answer could not be parsed' : message;
  return Object.assign(new Error(shown), { name });
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
