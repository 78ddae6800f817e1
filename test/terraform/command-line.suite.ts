import { type CommandResult, runCommand } from '../support/command-line.ts';

/** Where the command line finds the deployed stack. */
export interface DeployedForCommands {
  endpoint: string;
  region: string;
  stackName: string;
  partner: string;
  /** Keys of the uploads that are neither completed nor aborted. */
  uploadsLeft(): Promise<(string | undefined)[]>;
}

/**
 * What an operator does by the command line, on a stack that serves `/big.bin` of `sizeBytes` and `/slow.bin`.
 * @param deployed is called in the tests only
 */
export function operateByCommandLine(deployed: () => DeployedForCommands, sizeBytes: number): void {
  const run = (...args: string[]): Promise<CommandResult> => {
    const { endpoint, region, stackName } = deployed();
    return runCommand(
      [...args, '--stack-name', stackName, '--region', region, '--endpoint-url', endpoint, '--json'],
      { AWS_ACCESS_KEY_ID: 'emulated', AWS_SECRET_ACCESS_KEY: 'emulated' },
    );
  };

  test('check looks at the partner from its deployed function', async () => {
    const result = await run('check', deployed().partner, '--path', '/big.bin');

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.json()).toMatchObject({
      status: 'HEALTHY',
      failure: null,
      recommendation: { file_size_bytes: sizeBytes },
    });
  });

  test('start follows a transfer to its end, and history explains it', async () => {
    const started = await run(
      'start',
      deployed().partner,
      '/big.bin',
      '--key',
      'by-hand.bin',
      '--interval',
      '0.5',
    );
    const history = await run('history', deployed().partner);

    expect(started.exitCode).toBe(0);
    expect(started.json()).toMatchObject({
      status: 'SUCCEEDED',
      path: '/big.bin',
      key: 'by-hand.bin',
      size_bytes: sizeBytes,
      chunks: 4,
      chunks_landed: 4,
      bytes_landed: sizeBytes,
    });
    expect(history.json()).toMatchObject({
      execution: started.json().execution,
      errors: [],
      steps: [
        { step: 'ReserveSessions', outcome: 'succeeded' },
        { step: 'GetFileMetadata', outcome: 'succeeded' },
        { step: 'CreateFileChunks', outcome: 'succeeded' },
        { step: 'StartMultipartUpload', outcome: 'succeeded' },
        { step: 'CompleteUpload', outcome: 'succeeded' },
        { step: 'ReleaseSessions', outcome: 'succeeded' },
      ],
    });
    expect(history.json().slowest_chunks).toHaveLength(4);
  });

  test('watch tells the error of a transfer that failed', async () => {
    const started = await run('start', deployed().partner, '/nothing.bin', '--detach');
    const watched = await run('watch', String(started.json().execution), '--interval', '0.5');

    expect(watched.exitCode).toBe(1);
    expect(watched.json()).toMatchObject({ status: 'FAILED', error: 'SourceNotFoundError' });
  });

  test('stop stops the only running transfer, and proves that nothing is left', async () => {
    const started = await run('start', deployed().partner, '/slow.bin', '--detach');
    let watched = await run('history', deployed().partner);
    while (watched.json().chunks === null) watched = await run('history', deployed().partner);

    const stopped = await run('stop', deployed().partner);

    expect(stopped.exitCode).toBe(0);
    expect(stopped.json()).toMatchObject({
      status: 'ABORTED',
      execution: started.json().execution,
      was_running: true,
      cleanup: 'proved',
    });
    expect(await deployed().uploadsLeft()).toEqual([]);
  });

  test('list shows the transfers of the partner, newest first', async () => {
    const { transfers } = (await run('list', deployed().partner, '--limit', '3')).json() as {
      transfers: { status: string; path: string; error: string | null; size_bytes: number | null }[];
    };

    expect(transfers.map(({ status, path }) => [status, path])).toEqual([
      ['ABORTED', '/slow.bin'],
      ['FAILED', '/nothing.bin'],
      ['SUCCEEDED', '/big.bin'],
    ]);
    expect(transfers.map(({ size_bytes }) => size_bytes)).toEqual([null, null, sizeBytes]);
  });
}
