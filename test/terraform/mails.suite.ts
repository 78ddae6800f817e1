import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { Mailbox } from './rig/mailbox.ts';

export interface DeployedForMails {
  mailbox: Mailbox;
  start(name: string, file: string): Promise<string>;
  /** Stops it as the console does, or as our own `stop` does. */
  stop(executionArn: string, error?: string): Promise<void>;
  end(executionArn: string): Promise<DescribeExecutionCommandOutput>;
  uploadStarted(key: string): Promise<unknown>;
  uploadGone(key: string): Promise<unknown>;
}

const MAIL_TIMEOUT_MS = 60_000;

/**
 * Mails about executions that really failed, by the function that Terraform deployed.
 * @param deployed is called in the tests only
 */
export function tellFailures(deployed: () => DeployedForMails): void {
  test('a file that changes makes one mail, which says what became of the upload', async () => {
    const { mailbox, start, end } = deployed();
    await end(await start('mail-changed', '/shrinking.bin'));
    const { subject, body } = await mailbox.next('loopback/mail-changed', MAIL_TIMEOUT_MS);
    // Another test has seen the first.
    expect(subject).toBe('loopback: SourceChangedError (failure 2 today), /shrinking.bin');
    expect(body).toContain('File:     /shrinking.bin');
    expect(body).toContain('The parts of its upload were removed.');
    expect(body).toContain('history loopback/mail-changed \\\n    --stack-name emulated');
    expect(body).toContain('docs/runbooks/source-changed-error.md');
  });

  test('a file that is not there: the mail says that no upload had been started, and the second one that it is', async () => {
    const { mailbox, start, end } = deployed();
    await end(await start('mail-absent-1', '/nothing'));
    const first = await mailbox.next('SourceNotFoundError', MAIL_TIMEOUT_MS);
    expect(first.subject).toBe('loopback: SourceNotFoundError, /nothing');
    expect(first.body).toContain('No upload had been started.');
    await end(await start('mail-absent-2', '/nothing'));
    const second = await mailbox.next('SourceNotFoundError', MAIL_TIMEOUT_MS);
    expect(second.subject).toBe('loopback: SourceNotFoundError (failure 2 today), /nothing');
    await end(await start('mail-absent-3', '/nothing'));
    await end(await start('mail-absent-4', '/nothing'));
    const fourth = await mailbox.next('SourceNotFoundError', MAIL_TIMEOUT_MS);
    expect(fourth.subject).toContain('(failure 4 today)');
  });

  test('our own stop makes no mail, another one does', async () => {
    const { mailbox, start, stop, end, uploadStarted, uploadGone } = deployed();
    const ours = await start('mail-stopped', '/slow.bin');
    await uploadStarted('loopback/slow.bin');
    await stop(ours, 'Stopped');
    await end(ours);
    await uploadGone('loopback/slow.bin');
    const another = await start('mail-stopped-by-hand', '/slow.bin');
    await uploadStarted('loopback/slow.bin');
    await stop(another);
    await end(another);
    const mail = await mailbox.next('mail-stopped-by-hand', MAIL_TIMEOUT_MS);
    expect(mail.subject).toBe('[low] loopback: ABORTED, /slow.bin');
    expect(mailbox.mails.filter(({ body }) => body.includes(':mail-stopped\n'))).toEqual([]);
    expect(mailbox.mails.filter(({ subject }) => subject.includes('Stopped'))).toEqual([]);
  });
}
