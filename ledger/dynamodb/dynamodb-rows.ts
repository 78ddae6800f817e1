import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Decision, Row, Transition } from '../decision.ts';
import type { RowStore } from '../row-store.ts';
import { ledgerTableError, tooManyWriters } from './dynamodb-errors.ts';
import { camelKeys, snakeKeys } from './key-case.ts';

export interface DynamoDbRowsOptions<R extends Row> {
  client: Pick<DynamoDBClient, 'send'>;
  /** Of a table with the keys `pk` and `sk`, both strings, and `ttl` as time to live. */
  tableName: string;
  /** The partition key of all rows: `<partner>#<folder>`. A function may be allowed to touch its partner's only. */
  partition: string;
  nowMs: () => number;
  /** Rows read in one call. @default as many as DynamoDB puts into a page of 1 MB */
  pageRows?: number;
  /** Attributes beside the row's own: what is filtered and expired by. */
  attributes?: (row: R) => { state?: string; ttl?: number };
}

type Item = Record<string, AttributeValue>;

/**
 * How often a write is decided anew because another process was quicker. Each time one of them has succeeded, so a row
 * with fewer writers than this at the same moment is always written.
 */
const MAX_CONFLICTS = 100;
/** Keeps many writers of one row from meeting again and again. */
const MAX_PAUSE_MS = 50;

/**
 * Rows in DynamoDB, each written whole under the condition that it is still the one that was decided on. A failed
 * condition shows the present row (`ReturnValuesOnConditionCheckFailure`), from which the command is decided anew.
 *
 * The condition compares `revision` and nothing else. What the command asks of the row (who owns it, until when) was
 * decided by a transition from exactly that row.
 */
export class DynamoDbRows<R extends Row> implements RowStore<R> {
  readonly #options: DynamoDbRowsOptions<R>;

  constructor(options: DynamoDbRowsOptions<R>) {
    this.#options = options;
  }

  async read(key: string, signal?: AbortSignal): Promise<R | undefined> {
    const { tableName } = this.#options;
    const command = new GetItemCommand({ TableName: tableName, Key: this.#key(key), ConsistentRead: true });
    const { Item: item } = await this.#guarded(signal, (options) =>
      this.#options.client.send(command, options),
    );
    return rowOf<R>(item);
  }

  async apply<T>(key: string, transition: Transition<R, T>, signal?: AbortSignal): Promise<T> {
    // Most rows are new: a write that assumes so costs one call, and shows the row if there is one.
    let row: R | undefined;
    let isSeen = false;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; ) {
      const decision = transition(row, { nowMs: this.#options.nowMs(), revision: randomUUID() });
      if (decision.write === 'none' && isSeen) return decision.result;
      if (decision.write === 'none') {
        row = await this.read(key, signal);
      } else {
        const written = await this.#write(key, row, decision, signal);
        if (written.done) return decision.result;
        row = written.present;
        if (isSeen) {
          conflicts += 1;
          await pause(Math.random() * MAX_PAUSE_MS, signal);
        }
      }
      isSeen = true;
    }
    throw tooManyWriters(this.#options.tableName, MAX_CONFLICTS);
  }

  async *rows(signal?: AbortSignal): AsyncIterable<R> {
    let from: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#options.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: this.#options.partition } },
        ConsistentRead: true,
        ...(this.#options.pageRows !== undefined && { Limit: this.#options.pageRows }),
        ...(from !== undefined && { ExclusiveStartKey: from }),
      });
      const page = await this.#guarded(signal, (options) => this.#options.client.send(command, options));
      for (const item of page.Items ?? []) yield rowOf<R>(item) as R;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  async close(): Promise<void> {
    // The client is its maker's.
  }

  async #write(
    key: string,
    before: R | undefined,
    decision: Exclude<Decision<R, unknown>, { write: 'none' }>,
    signal: AbortSignal | undefined,
  ): Promise<{ done: true } | { done: false; present: R | undefined }> {
    const condition = {
      TableName: this.#options.tableName,
      // A row that is gone needs no deletion: an earlier try of this very call may have done it.
      ConditionExpression:
        before === undefined ? 'attribute_not_exists(pk)' : decision.write === 'delete' ? GONE_OR_SAME : SAME,
      ...(before !== undefined && { ExpressionAttributeValues: { ':revision': { S: before.revision } } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const { client } = this.#options;
    try {
      await this.#guarded<unknown>(signal, (options) =>
        decision.write === 'put'
          ? client.send(new PutItemCommand({ ...condition, Item: this.#item(key, decision.row) }), options)
          : client.send(new DeleteItemCommand({ ...condition, Key: this.#key(key) }), options),
      );
      return { done: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Not every implementation shows the row with the refusal.
      const present = error.Item === undefined ? await this.read(key, signal) : rowOf<R>(error.Item);
      // The SDK repeats a call whose answer was lost: then the row that is in the way is our own.
      const isOurs = decision.write === 'put' && present?.revision === decision.row.revision;
      return isOurs ? { done: true } : { done: false, present };
    }
  }

  /** A path may be longer than a sort key (1,024 bytes); it is hashed whole, never cut. */
  #key(key: string): Item {
    return {
      pk: { S: this.#options.partition },
      sk: { S: createHash('sha256').update(key, 'utf8').digest('hex') },
    };
  }

  #item(key: string, row: R): Item {
    const attributes = this.#options.attributes?.(row) ?? {};
    const values = { ...(snakeKeys(row) as Record<string, unknown>), ...attributes };
    return { ...marshall(values, { removeUndefinedValues: true }), ...this.#key(key) };
  }

  async #guarded<T>(
    signal: AbortSignal | undefined,
    call: (options: { abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw ledgerTableError(this.#options.tableName, error);
    }
  }
}

const SAME = 'revision = :revision';
const GONE_OR_SAME = `attribute_not_exists(pk) OR ${SAME}`;

/** The keys and what was added for DynamoDB's own sake are not part of the row. */
const ADDED = new Set(['pk', 'sk', 'state', 'ttl']);

function rowOf<R extends Row>(item: Item | undefined): R | undefined {
  if (item === undefined) return undefined;
  const values = Object.entries(unmarshall(item)).filter(([name]) => !ADDED.has(name));
  return camelKeys(Object.fromEntries(values)) as R;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return sleep(ms, undefined, { ...(signal !== undefined && { signal }) });
}
