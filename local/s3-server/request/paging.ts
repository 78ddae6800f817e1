import { S3Error } from '../s3-error.ts';

/** S3's largest and default page: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
const MAX_PAGE_SIZE = 1_000;

/** The page size that `parameter` asks for. @throws S3Error InvalidArgument unless it is a whole number >= 0 */
export function pageSize(query: URLSearchParams, parameter: string): number {
  const size = wholeNumber(query, parameter);
  return Math.min(size ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
}

/** A query parameter that is a whole number >= 0. @throws S3Error InvalidArgument */
export function wholeNumber(query: URLSearchParams, parameter: string): number | undefined {
  const value = query.get(parameter);
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new S3Error('InvalidArgument', `Provided ${parameter} not an integer or within integer range`, {
    ArgumentName: parameter,
    ArgumentValue: value,
  });
}
