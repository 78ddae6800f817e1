import {
  ACME,
  execution,
  GLOBEX,
  runAgainst,
  startDeployedPartners,
} from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import type { CommandResult } from '../support/command-line.ts';

let aws: FakeStepFunctions;

beforeEach(async () => {
  aws = await startDeployedPartners();
});

afterEach(() => aws.close());

const run = (args: string[]) => runAgainst(aws, args);

describe('list', () => {
  beforeEach(() => {
    aws.executions.push(
      execution('first', { landed: 2, ending: 'failed' }),
      execution('second', {}, { machine: GLOBEX, startedAt: '2026-11-22T03:00:00Z' }),
      execution('third', { path: '/outbound/Übersicht 1.zip' }, { startedAt: '2026-11-22T04:00:00Z' }),
    );
  });

  test('shows the last transfers of all partners, newest first', async () => {
    const result = await run(['list']);

    expect(result.exitCode).toBe(0);
    expect(result.stdout.split('\n')).toEqual([
      expect.stringMatching(/^STARTED \(UTC\) +PARTNER +OUTCOME +TOOK +SIZE +RATE +FILE +EXECUTION +ERROR$/),
      expect.stringMatching(
        /^2026-11-22 04:00:00 {2}acme +SUCCEEDED +10\.1 s +200\.0 MiB +19\.8 MiB\/s +\/outbound\/Übersicht 1\.zip +acme\/third +–$/,
      ),
      expect.stringMatching(/^2026-11-22 03:00:00 {2}globex +SUCCEEDED .* globex\/second +–$/),
      expect.stringMatching(
        /^2026-11-22 02:30:00 {2}acme +FAILED +7\.6 s +– +– +.* acme\/first +SourceChangedError$/,
      ),
      '',
    ]);
  });

  test('of one partner, as JSON, only so many, only of one outcome', async () => {
    const all = await run(['list', 'acme', '--json']);
    const one = await run(['list', ACME, '--json', '--limit', '1']);
    const failed = await run(['list', 'acme', '--json', '--status', 'FAILED']);
    const names = ({ stdout }: CommandResult) =>
      (JSON.parse(stdout) as { transfers: { execution: string }[] }).transfers.map(({ execution: arn }) =>
        arn.split(':').at(-1),
      );

    expect([names(all), names(one), names(failed)]).toEqual([['third', 'first'], ['third'], ['first']]);
    expect((all.json() as { transfers: object[] }).transfers[1]).toEqual({
      execution: `${ACME.replace(':stateMachine:', ':execution:')}:first`,
      partner: 'acme',
      status: 'FAILED',
      started_at: '2026-11-22T02:30:00.000Z',
      seconds: 7.6,
      path: '/outbound/big.zip',
      size_bytes: null,
      mib_per_second: null,
      error: 'SourceChangedError',
      input: { sftp_file_path: '/outbound/big.zip' },
    });
  });

  test('of a stack that was named: a workflow over folders is not another partner', async () => {
    const folders = `${ACME}-folders`;
    aws.stateMachines.push(folders);
    const run1 = execution('run', {}, { machine: folders, startedAt: '2026-11-22T05:00:00Z' });
    run1.description.input = JSON.stringify({ folder: 'daily' });
    aws.executions.push(run1);
    const stack = ['--stack-name', 'sftp-to-s3', '--region', 'eu-central-1', '--json'];
    const listed = async (...args: string[]) => {
      const { transfers } = (await run(['list', ...stack, ...args])).json() as {
        transfers: { partner: string; path: string }[];
      };
      return transfers.map(({ partner, path }) => [partner, path]);
    };

    expect((await listed()).map(([partner]) => partner)).toEqual(['acme', 'globex', 'acme']);
    expect(await listed('--folders')).toEqual([['acme', 'folder daily']]);
  });

  test('of a stack that was named: every pipeline whose name begins so', async () => {
    const all = await run(['list', '--stack-name', 'sftp-to-s3', '--region', 'eu-central-1', '--json']);
    const none = await run(['list', '--stack-name', 'no-such', '--region', 'eu-central-1']);

    const partners = (all.json() as { transfers: { partner: string }[] }).transfers.map(
      ({ partner }) => partner,
    );
    expect(partners).toEqual(['acme', 'globex', 'acme']);
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no state machine whose name begins with no-such-'),
    });
  });

  test('more transfers than a page holds', async () => {
    for (let count = 0; count < 20; count += 1) aws.executions.push(execution(`more-${count}`, {}));

    const result = await run(['list', 'acme', '--json', '--limit', '15']);

    expect((result.json() as { transfers: object[] }).transfers).toHaveLength(15);
  });

  test('a partner that is not deployed yet does not hide the others', async () => {
    aws.stateMachines = [ACME];

    const result = await run(['list', '--json']);

    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('globex: there is no state machine sftp-to-s3-globex in eu-central-1');
    expect((result.json() as { transfers: object[] }).transfers).toHaveLength(2);
  });
});
