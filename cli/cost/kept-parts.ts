import { S3_USD_PER_GIB_MONTH } from './prices.ts';

const GIB = 1024 ** 3;
const DAYS_PER_MONTH = 730 / 24;

/** What parts of so many bytes cost for each day that they are kept. */
export function keptPartsUsdPerDay(bytes: number): number {
  return ((bytes / GIB) * S3_USD_PER_GIB_MONTH) / DAYS_PER_MONTH;
}
