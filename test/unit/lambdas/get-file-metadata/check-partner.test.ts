import { serverCheckEventSchema } from '../../../../doctor/event.ts';
import { checkPartner } from '../../../../lambdas/get-file-metadata/check-partner.ts';
import { readOwnSide } from '../../../../lambdas/shared/env.ts';
import { parseContract } from '../../../../transfer/contracts.ts';
import { SftpAuthenticationError } from '../../../../transfer/errors.ts';
import { eventsBefore, FakeServerProbe } from '../../../support/sftp/fake-server-probe.ts';
import { stepRig } from '../../../support/step-rig.ts';

const OWN_SIDE = { egressAddresses: ['198.51.100.1'], allowedCidrs: [] };
const GIB = 1_073_741_824;
const signal = new AbortController().signal;

test('recommends settings for the size that was asked for, and says that downloads are as fast or faster', async () => {
  const rig = stepRig();
  const event = parseContract(serverCheckEventSchema, { check: { path: '/a', file_size_bytes: 10 * GIB } });

  const report = await checkPartner(event, { ...rig, probe: new FakeServerProbe() }, OWN_SIDE, signal);

  expect(report.recommendation?.file_size_bytes).toBe(10 * GIB);
  expect(report.recommendation?.reasons.at(-1)).toContain('a transfer is as fast or faster');
  expect(rig.telemetry.lines).toMatchObject([{ message: 'server checked', fields: { status: 'HEALTHY' } }]);
});

test("recommends no more than the sessions that the function's environment allows", async () => {
  const event = parseContract(serverCheckEventSchema, { check: { path: '/a', file_size_bytes: 10 * GIB } });
  const ownSide = readOwnSide({ MAX_SESSIONS: '2' });

  const report = await checkPartner(event, { ...stepRig(), probe: new FakeServerProbe() }, ownSide, signal);

  expect(report.recommendation?.max_concurrency).toBe(2);
});

test('a failure is returned and logged, not thrown: it is a finding', async () => {
  const rig = stepRig();
  const probe = new FakeServerProbe();
  probe.connection = () => ({
    events: eventsBefore('login'),
    error: new SftpAuthenticationError('refused'),
  });

  const report = await checkPartner({ check: {} }, { ...rig, probe }, OWN_SIDE, signal);

  expect(report.failure?.message_to_partner).toContain('198.51.100.1');
  expect(rig.telemetry.lines).toMatchObject([
    {
      fields: { status: 'FAILED', stage: 'login', error_name: 'SftpAuthenticationError', fault: 'ours' },
    },
  ]);
});

test.each([
  ['an unknown setting', { check: { size: 1 } }, 'size'],
  ['a size that is none', { check: { file_size_bytes: -1 } }, 'check.file_size_bytes is -1'],
  ['an empty path', { check: { path: '' } }, 'check.path is "", but it must name a file'],
  ['a transfer with it', { check: {}, request: {} }, 'request'],
])('%s is refused by name', (_name, event, message) => {
  expect(() => parseContract(serverCheckEventSchema, event)).toThrow(message);
});
