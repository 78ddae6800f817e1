import type { Operation } from '../request/call.ts';
import { sendEmpty } from '../responses.ts';

/** Any location constraint is taken and forgotten. */
export const createBucket: Operation = async ({ bucket, objects, request, response, acceptBody }) => {
  await objects.createBucket(bucket);
  acceptBody();
  request.resume();
  response.setHeader('location', `/${bucket}`);
  sendEmpty(response, 200);
};

export const headBucket: Operation = async ({ bucket, objects, response }) => {
  objects.requireBucket(bucket);
  sendEmpty(response, 200);
};
