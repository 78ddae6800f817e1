import { checkServer } from '../../../../doctor/check-server.ts';
import type { ServerCheckReport } from '../../../../doctor/report.ts';
import { OWN_SIDE } from '../../../support/doctor/check-fake-server.ts';
import { failingAt, lost } from '../../../support/doctor/failing-connection.ts';
import { FakeServerProbe } from '../../../support/sftp/fake-server-probe.ts';
import { stepRig } from '../../../support/step-rig.ts';

const URL = 'https://echo.example/';
const never = new AbortController().signal;

function checkSeenAs(
  answer: { address: string } | { failure: string },
  probe = new FakeServerProbe(),
): Promise<ServerCheckReport> {
  const echo = { url: URL, seenAddress: async () => answer };
  return checkServer({}, { probe, echo, clock: stepRig().clock }, OWN_SIDE, never);
}

const egressOf = (report: ServerCheckReport) => report.stages.find(({ stage }) => stage === 'egress');

test('an address that partners were told is well, and is measured before the partner is called', async () => {
  const report = await checkSeenAs({ address: '198.51.100.2' });

  expect(egressOf(report)).toMatchObject({
    verdict: 'ok',
    summary: 'the internet sees 198.51.100.2, as partners were told',
    details: { seen: '198.51.100.2', told: OWN_SIDE.egressAddresses },
  });
  expect(report.stages.map(({ stage }) => stage).slice(0, 4)).toEqual([
    'configuration',
    'dns',
    'egress',
    'tcp',
  ]);
});

test('another address is a warning with both, and the check goes on: the partner may know it', async () => {
  const report = await checkSeenAs({ address: '192.0.2.9' });

  expect(egressOf(report)).toMatchObject({
    verdict: 'warning',
    summary: 'the internet sees 192.0.2.9, but partners were told 198.51.100.1, 198.51.100.2',
  });
  expect(report.status).toBe('HEALTHY');
});

test('an echo that gives nothing is a warning, and no word about the address', async () => {
  const report = await checkSeenAs({ failure: 'status 503' });

  expect(egressOf(report)).toMatchObject({
    verdict: 'warning',
    summary: `not measured: ${URL} gave no address (status 503)`,
  });
  expect(report.status).toBe('HEALTHY');
});

describe('when the partner turns us away', () => {
  const silent = () => {
    const probe = new FakeServerProbe();
    failingAt('tcp', lost('timed-out'))(probe);
    return probe;
  };

  test('and we come from elsewhere, it is our side, with the address to allow', async () => {
    const { failure } = await checkSeenAs({ address: '192.0.2.9' }, silent());

    expect(failure).toMatchObject({ stage: 'tcp', fault: 'ours' });
    expect(failure?.sentence).toContain('transfers leave from 192.0.2.9');
    expect(failure?.message_to_partner).toContain('Please allow this address as well.');
  });

  test('and we come from where we said, it is not', async () => {
    const { failure } = await checkSeenAs({ address: '198.51.100.1' }, silent());

    expect(failure).toMatchObject({ stage: 'tcp', fault: 'partner' });
  });
});
