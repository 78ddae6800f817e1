import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { InvalidTransferRequestError, LedgerUnavailableError } from '../../transfer/errors.ts';

/** What DynamoDB says when nothing but a person can help, by error name. */
const NEEDS_A_PERSON: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there must be such a table',
  AccessDeniedException: 'the role must be allowed to use the table, for this partner',
  ValidationException: 'the table must have the string keys pk and sk',
};

/** The project's error for one of DynamoDB's client; a failed condition, which is an answer, as it is. */
export function ledgerTableError(tableName: string, error: unknown): unknown {
  if (error instanceof ConditionalCheckFailedException) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const bound = NEEDS_A_PERSON[name];
  if (bound !== undefined) {
    return new InvalidTransferRequestError('the ledger table', tableName, `${bound} (${message})`, {
      cause: error,
    });
  }
  return new LedgerUnavailableError(`the ledger table ${tableName} does not answer: ${name}: ${message}`, {
    cause: error,
  });
}

export function tooManyWriters(tableName: string, times: number): LedgerUnavailableError {
  return new LedgerUnavailableError(`a row of ${tableName} was changed by others ${times} times in a row`);
}
