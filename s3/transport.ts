import { types } from 'node:util';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';

/** S3 gave no answer: no connection, a broken one, or a timeout. The SDK judges by `cause` whether to try again. */
export class S3TransportError extends Error {
  override readonly name = 'S3TransportError';
}

/**
 * The SDK's HTTP handler, whose failures are distinguished by their class: everything that it rejects with but an abort
 * is a failure of the transport, whatever code or name it bears.
 */
export class S3HttpHandler extends NodeHttpHandler {
  override async handle(
    ...args: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    try {
      return await super.handle(...args);
    } catch (error) {
      const [, options] = args;
      if (options?.abortSignal?.aborted) throw error;
      throw transportError(error);
    }
  }
}

/** Reads an answer's body, which happens outside the handler; its failures are of the same class. */
export const collectAnswer: NonNullable<S3ClientConfig['streamCollector']> = async (body) => {
  try {
    return await streamCollector(body);
  } catch (error) {
    throw transportError(error);
  }
};

const transportError = (error: unknown): S3TransportError =>
  new S3TransportError(describe(error), { cause: error });

/** When every address of a name fails, Node's error has a code and no message. */
function describe(error: unknown): string {
  // Not instanceof: under jest, errors of Node's own modules are of another realm.
  if (!types.isNativeError(error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || error.name;
}
