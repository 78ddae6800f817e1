import { check } from '../../../support/doctor/check-fake-server.ts';
import { failingAt, lost } from '../../../support/doctor/failing-connection.ts';
import { FakeServerProbe } from '../../../support/sftp/fake-server-probe.ts';

test('the message to the partner can be sent as it is', async () => {
  const probe = new FakeServerProbe();
  failingAt('banner', lost('closed'))(probe);

  const report = await check(probe);

  expect(report.failure?.message_to_partner).toBe(
    [
      'Subject: SFTP connection to sftp.partner.test port 2222',
      '',
      'Hello,',
      '',
      'we tried to reach your SFTP server:',
      '- at:         2027-01-15T08:00:00.000Z',
      '- from:       198.51.100.1, 198.51.100.2',
      '- to:         sftp.partner.test (203.0.113.7), TCP port 2222',
      "- it failed:  while waiting for the server's SSH identification, after the TCP connection was accepted",
      '',
      'Is the SFTP service running on this port, and does your firewall allow the addresses above? Please allow all of them.',
      '',
      'Thank you',
    ].join('\n'),
  );
});
