import { describeConclusion } from '../../../../cli/results/describe-check.ts';
import type { ServerCheckReport } from '../../../../doctor/report.ts';

const GIB = 1_024 ** 3;

const healthy = (sizeBytes: number): ServerCheckReport => ({
  status: 'HEALTHY',
  server: 'sftp.acme.example:22',
  started_at: '2026-11-22T02:30:00.000Z',
  seconds: 5,
  stages: [],
  failure: null,
  recommendation: {
    file_size_bytes: sizeBytes,
    chunk_size_bytes: 52_428_800,
    chunk_count: 2_048,
    max_concurrency: 8,
    expected_seconds: { fastest: 512, slowest: 4_096 },
    reasons: [],
  },
});

test('a size has a price, by its parts', () => {
  expect(describeConclusion(healthy(100 * GIB), 200)).toMatch(
    /on AWS: {3}about 4\.\d\d USD by list prices of us-east-1 \(NAT gateway, data 4\.50; Lambda 0\.09; S3 requests 0\.01; Step Functions 0\.0\d\)/,
  );
});

test('an empty file has none', () => {
  expect(describeConclusion(healthy(0), 200)).not.toContain('USD');
});
