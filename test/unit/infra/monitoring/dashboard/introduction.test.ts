import { introduction } from '../../../../../infra/monitoring/dashboard/introduction.ts';

const stack = {
  name: 'sftp-to-s3',
  partners: ['acme', 'globex'],
  egressAddresses: ['203.0.113.7', '203.0.113.8'],
  runbooks: ['source-changed-error', 'abort-failed'],
};

test('it holds the addresses that partners must allow', () => {
  expect(introduction(stack)).toContain('Addresses that partners must allow: **203.0.113.7, 203.0.113.8**');
});

test('it links to every runbook where they can be read in a browser', () => {
  const text = introduction({ ...stack, runbookBaseUrl: 'https://wiki.example/runbooks' });

  expect(text).toContain('[source-changed-error](https://wiki.example/runbooks/source-changed-error.md)');
  expect(text).toContain('[abort-failed](https://wiki.example/runbooks/abort-failed.md)');
});

test('else it names their folder', () => {
  expect(introduction(stack)).toContain('`docs/runbooks` in the repository');
});
