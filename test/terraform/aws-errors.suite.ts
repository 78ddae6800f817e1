import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { Step } from '../../infra/steps.ts';
import { RETRY_RULES } from '../../statemachine/retry-rules.ts';
import type { Faults } from './rig/emulator.ts';

/** Where the errors of AWS are thrown at. */
export interface DeployedForErrors {
  setFaults(faults: Faults): void;
  functionName(step: string): string;
  start(name: string, file: string): Promise<string>;
  end(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  uploadsLeft(): Promise<(string | undefined)[]>;
  /** Waits until there is no upload left. */
  cleanedUp(): Promise<unknown>;
}

/**
 * What AWS really answers, thrown at whole transfers of the deployed stack.
 * @param deployed is called in the tests only
 */
export function surviveErrorsOfAws(deployed: () => DeployedForErrors): void {
  afterEach(() => deployed().setFaults({}));

  const transfer = async (
    name: string,
    faults: Partial<Record<Step, { error: string; times: number }[]>>,
  ) => {
    const { setFaults, functionName, start, end } = deployed();
    setFaults({
      functions: Object.fromEntries(Object.entries(faults).map(([step, list]) => [functionName(step), list])),
    });
    return end(await start(name, '/big.bin'));
  };

  test('functions that wake up after weeks without a call are waited for', async () => {
    const once = [{ error: 'ResourceNotReadyException', times: 1 }];
    const execution = await transfer('waking', {
      'reserve-sessions': once,
      'get-file-metadata': once,
      'download-segment': once,
      'complete-upload': once,
      'release-sessions': once,
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a crash of each step is survived once', async () => {
    const once = [{ error: 'Runtime.ExitError', times: 1 }];
    const execution = await transfer('crashing', {
      'reserve-sessions': once,
      'get-file-metadata': once,
      'create-file-chunks': once,
      'download-segment': once,
      'complete-upload': once,
      'release-sessions': once,
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a second lack of memory ends the transfer by its name, and leaves no upload', async () => {
    const execution = await transfer('memory', {
      'download-segment': [{ error: 'Runtime.ExitError', times: 99 }],
    });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
    expect(await deployed().uploadsLeft()).toEqual([]);
  });

  const quick = RETRY_RULES.filter(({ states, intervalSeconds }) => {
    return states.includes('CreateFileChunks') && intervalSeconds <= 5;
  }).flatMap(({ errors }) => errors.map(({ name }) => name));
  const thrown = quick.filter(
    (name) => name !== 'States.Timeout' && !/^Lambda\.(Unknown|Lambda|AWS|Sdk|Client)/.test(name),
  );

  test.each(thrown)('%s is retried', async (error) => {
    const name = error.replace('Lambda.', '');
    const execution = await transfer(`retry-${name.replace('.', '-')}`, {
      'create-file-chunks': [{ error: name, times: 1 }],
    });
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('an execution whose history is full fails without its Catch, and its upload is removed all the same', async () => {
    const { setFaults, start, end, cleanedUp, uploadsLeft } = deployed();
    setFaults({ history_limit: 37 });
    const execution = await end(await start('full', '/slow.bin'));
    expect(execution).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('history events') });
    await cleanedUp();
    expect(await uploadsLeft()).toEqual([]);
  });
}
