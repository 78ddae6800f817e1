import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { CommandResult } from '../support/command-line.ts';
import type { Faults } from './rig/emulator.ts';

/** Where transfers compete for a partner's sessions. */
export interface DeployedForSessions {
  setFaults(faults: Faults): void;
  functionName(step: string): string;
  functionLog(step: string): string[];
  start(name: string, input: { sftp_file_path: string; max_concurrency: number }): Promise<string>;
  /** Waits for longer than a session must have been held before Step Functions is asked about its holder. */
  end(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  /** Resolves when the log of a step's function has a line of the execution with such words. */
  logged(step: string, execution: string, words: RegExp): Promise<void>;
  /** `check` of the partner, with `--json`. */
  check(): Promise<CommandResult>;
}

/**
 * Transfers of one partner that want more sessions than it grants.
 * @param deployed is called in the tests only
 * @param maxSessions that the partner grants
 */
export function shareSessions(deployed: () => DeployedForSessions, maxSessions: number): void {
  afterEach(() => deployed().setFaults({}));

  test('a transfer waits while all sessions are in use, and gets those that an ended one could not give back', async () => {
    const { setFaults, functionName, functionLog, start, end, logged, check } = deployed();
    // The call and its one repetition: the transfer ends with the sessions in its name.
    const crashing = [{ error: 'Runtime.ExitError', times: 2 }];
    setFaults({ functions: { [functionName('release-sessions')]: crashing } });
    const all = { sftp_file_path: '/big.bin', max_concurrency: maxSessions };
    const keeping = await start('keeps-all', all);
    // All that is left: functions of transfers that were stopped may still count.
    await logged('reserve-sessions', keeping, /sessions granted|fewer sessions than wanted/);

    const checked = await check();
    expect(checked.exitCode).toBe(1);
    expect(checked.json()).toMatchObject({
      error: 'SessionsInUseError',
      cause: expect.stringContaining('no session of the partner is free, served first: '),
    });

    expect(await end(keeping)).toMatchObject({ status: 'SUCCEEDED' });

    const waiting = await start('waits', { sftp_file_path: '/big.bin', max_concurrency: 1 });

    expect(await end(waiting)).toMatchObject({ status: 'SUCCEEDED' });
    const said = functionLog('reserve-sessions').filter((line) => line.includes(waiting));
    expect(said.filter((line) => line.includes('waiting for sessions')).length).toBeGreaterThan(1);
    expect(said.at(-1)).toContain('sessions granted');
  });
}
