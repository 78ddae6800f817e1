/**
 * List prices in US dollars, region us-east-1, without free tier, discounts or taxes, as of 2026-11. Other regions
 * differ by up to a half.
 */

/** https://aws.amazon.com/lambda/pricing/ — arm64, first tier. A gigabyte is 1,024 MB of configured memory. */
export const LAMBDA_USD_PER_GB_SECOND = 0.0000133334;
export const LAMBDA_USD_PER_REQUEST = 0.2 / 1_000_000;
/** https://aws.amazon.com/step-functions/pricing/ — Standard workflows. */
export const STEP_FUNCTIONS_USD_PER_TRANSITION = 0.025 / 1_000;
/** https://aws.amazon.com/s3/pricing/ — S3 Standard: PUT, COPY, POST and LIST. */
export const S3_USD_PER_PUT_CLASS_REQUEST = 0.005 / 1_000;
/** The same page: GET, HEAD and all others. */
export const S3_USD_PER_GET_CLASS_REQUEST = 0.0004 / 1_000;
/** The same page: storage, the first 50 TB. A gigabyte is 2^30 bytes; parts of an unfinished upload cost it, too. */
export const S3_USD_PER_GIB_MONTH = 0.023;
/** https://aws.amazon.com/vpc/pricing/ — a gigabyte is 2^30 bytes, in either direction. */
export const NAT_USD_PER_GIB = 0.045;

/** The same page: an hour of a NAT gateway. */
export const NAT_USD_PER_HOUR = 0.045;
/** The same page: an hour of a public IPv4 address, in use or not. */
export const PUBLIC_IPV4_USD_PER_HOUR = 0.005;
/** https://aws.amazon.com/transit-gateway/pricing/ — for each VPC attached. */
export const TRANSIT_GATEWAY_USD_PER_ATTACHMENT_HOUR = 0.05;
/** The same page — a byte from a partner enters the transit gateway once, from the egress VPC. */
export const TRANSIT_GATEWAY_USD_PER_GIB = 0.02;
/** https://aws.amazon.com/ec2/pricing/on-demand/ — between zones, 0.01 in either account of the direction. */
export const CROSS_ZONE_USD_PER_GIB = 0.02;
/** The same page — c6gn.medium: 1.6 Gbit/s for as long as it takes. */
export const NAT_INSTANCE_USD_PER_HOUR = 0.0432;
/** https://aws.amazon.com/dynamodb/pricing/on-demand/ — on demand, items of up to 1 KB. */
export const DYNAMODB_USD_PER_WRITE_UNIT = 0.625 / 1_000_000;
/** The same page — consistent reads of up to 4 KB. */
export const DYNAMODB_USD_PER_READ_UNIT = 0.125 / 1_000_000;
