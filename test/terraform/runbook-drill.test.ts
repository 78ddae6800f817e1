import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { hashStream } from '../../local/sample-file.ts';
import { generateKeyPair } from '../../local/sftp-server/host-key.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { endOfExecution } from './rig/executions.ts';
import { type Mailbox, subscribeMailbox } from './rig/mailbox.ts';
import { Operator } from './rig/operator.ts';
import { STAGED_FILE, StagedPartner } from './rig/staged-partner.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();
const MIB = 1024 ** 2;
const FAILURE_TIMEOUT_MS = 120_000;
/** What the runbooks' examples are about, so that their commands can be run as they stand. */
const STACK = 'sftp-to-s3';
const PARTNER = 'acme';

/** Three failures are staged, and put right by somebody who has the mail, the runbook, and nothing else. */
describeUnless(missing, 'failures, diagnosed by the runbooks', () => {
  const folder = temporaryDirectory();
  const hostKey = generateKeyPair().private;
  let emulator: Emulator;
  let deployment: Deployment;
  let partner: StagedPartner;
  let operator: Operator;
  let pins: string[];
  let landingBucket: string;
  let topicArn: string;
  let mailbox: Mailbox;

  const configuration = () => ({
    name: STACK,
    region: REGION,
    partners: [
      {
        name: PARTNER,
        contact: 'SFTP operations of Acme, +49 30 5550100',
        host: '127.0.0.1',
        port: partner.port,
        hostKeyFingerprints: pins,
        allowedCidrs: ['127.0.0.0/8'],
        maxSessions: 4,
        maxConcurrency: 2,
        chunkSizeBytes: 5 * MIB,
        // Nobody here waits an hour for a mail.
        patienceMinutes: 0,
      },
    ],
  });

  async function deploy(): Promise<void> {
    const terraform = await deployment.synthesise(configuration());
    await terraform.apply();
    const outputs = await terraform.outputs();
    landingBucket = String(outputs.landing_bucket);
    topicArn = String(outputs.alert_topic_arn);
  }

  /** The mail as the operator gets it. */
  async function mailAbout(errorName: string): Promise<string> {
    const { subject, body } = await mailbox.next(errorName, FAILURE_TIMEOUT_MS);
    operator.note(`MAIL: ${subject}\n${body.trimEnd()}`);
    return body;
  }

  /** Runs the first command of a mail, as it stands there. */
  function firstCommandOf(body: string) {
    const [, command = ''] = /First command:\n((?: {2}.*\n)+)/.exec(body) ?? [];
    return operator.type(command.trim());
  }

  /** What the runbooks call EXECUTION. */
  const nameOf = (executionArn: string) => executionArn.split(':').at(-1);

  /** As the schedule would. Returns the execution's ARN. */
  async function startTransfer(): Promise<string> {
    const { output } = await operator.type(
      `npx sftp-to-s3 start ${PARTNER} ${STAGED_FILE} --detach --stack-name ${STACK} --region ${REGION}`,
    );
    return output.trim();
  }

  async function landedHash(): Promise<string> {
    const { Body } = await deployment.s3.send(
      new GetObjectCommand({ Bucket: landingBucket, Key: `${PARTNER}${STAGED_FILE}` }),
    );
    return hashStream(Body as AsyncIterable<Uint8Array>);
  }

  beforeAll(async () => {
    if (tools === undefined) return;
    partner = await StagedPartner.prepare(path.join(folder, 'partner'));
    pins = [await partner.start(hostKey)];
    emulator = await startEmulator(tools.python, folder);
    deployment = new Deployment(tools, emulator, folder);
    await deploy();
    mailbox = await subscribeMailbox({ endpoint: emulator.endpoint, region: REGION, topicArn });
    await deployment.putSecret(`${STACK}/${PARTNER}/sftp`, partner.credentials);
    operator = new Operator(
      {
        HOME: folder,
        AWS_ENDPOINT_URL: emulator.endpoint,
        AWS_ACCESS_KEY_ID: 'emulated',
        AWS_SECRET_ACCESS_KEY: 'emulated',
        npm_config_update_notifier: 'false',
      },
      process.env.DIAGNOSIS_TRANSCRIPT,
    );
  });

  afterAll(async () => {
    deployment?.close();
    await mailbox?.close();
    await emulator?.stop();
    await partner?.stop();
  });

  test('a refused port: mail and check name the side, and the transfer is started again', async () => {
    operator.note('1. The partner has closed its port to us, and a scheduled transfer starts.');
    await partner.stop();
    emulator.setFaults({ longest_retry_seconds: 0.2 });
    const arn = await startTransfer();
    const mail = await mailAbout('SftpConnectionError');
    expect(mail).toContain('Side:     partner\n');
    expect(mail).toContain('docs/runbooks/sftp-connection-error.md');
    expect((await firstCommandOf(mail)).output).toContain("Whose fault: the partner's.");

    const check = await operator.open('sftp-connection-error');

    expect(check.exitCode).toBe(1);
    expect(check.output).toMatch(/^FAILED +tcp /m);
    expect(check.output).toContain("Whose fault: the partner's.");
    expect(check.output).toContain('To send to the partner (SFTP operations of Acme, ');
    expect(operator.runbook).toMatch(/^\| `tcp` +\| refused +\| the partner/m);
    operator.note('The runbook: send the partner what it prints, and wait. The partner answers: done.');
    emulator.setFaults({});
    await partner.start(hostKey);
    expect(await operator.follow('npx sftp-to-s3 start --again', nameOf(arn))).toMatchObject({ exitCode: 0 });
    expect(await landedHash()).toBe(await partner.fileHash());
  });

  test('a changed host key: nothing is sent, and both keys are pinned after a confirmation', async () => {
    operator.note('2. The partner has a new host key, and a scheduled transfer starts.');
    await partner.stop();
    const newFingerprint = await partner.start();
    const arn = await startTransfer();
    expect(await mailAbout('HostKeyMismatchError')).toContain('Severity: urgent');

    const check = await operator.open('host-key-mismatch-error');

    expect(check.exitCode).toBe(1);
    expect(check.output).toMatch(/^FAILED +host-key /m);
    expect(check.output).toContain(newFingerprint);
    operator.note(
      `The partner, called by telephone, reads from the server: ${newFingerprint}. It is the same.\n` +
        'The runbook: add it to hostKeyFingerprints, keep the old one, deploy. Done.',
    );
    pins = [...pins, newFingerprint];
    await deploy();
    expect(await operator.follow('npx sftp-to-s3 check')).toMatchObject({ exitCode: 0 });
    expect((await operator.follow('npx sftp-to-s3 list')).output).toContain('HostKeyMismatchError');
    expect(await operator.follow('npx sftp-to-s3 start', nameOf(arn))).toMatchObject({ exitCode: 0 });
  });

  test('a file replaced in mid-transfer: nothing lands, and the new one does afterwards', async () => {
    operator.note('3. The partner replaces the file while a transfer reads it.');
    partner.replaceFileWhileItIsRead();
    const arn = await startTransfer();
    await endOfExecution(deployment.stepFunctions, arn, FAILURE_TIMEOUT_MS);
    const mail = await mailAbout('SourceChangedError');
    expect((await firstCommandOf(mail)).output).toContain('SourceChangedError');

    const history = await operator.open('source-changed-error');

    expect(history.output).toContain('SourceChangedError');
    expect(history.output).toContain(`${12 * MIB} bytes`);
    expect(history.output).toContain(`${13 * MIB} bytes`);
    operator.note(
      'Larger, and a new time: replaced. The runbook: wait until it no longer changes, then start again.',
    );
    expect(await operator.follow('npx sftp-to-s3 check', STAGED_FILE)).toMatchObject({ exitCode: 0 });
    expect(await operator.follow('npx sftp-to-s3 start', nameOf(arn))).toMatchObject({ exitCode: 0 });
    expect(await landedHash()).toBe(await partner.fileHash());
  });

  test('a report is drawn from the history of such an execution', async () => {
    const file = path.join(folder, 'report.html');

    const report = await operator.type(
      `npx sftp-to-s3 report ${PARTNER} --stack-name ${STACK} --region ${REGION} --output ${file}`,
    );

    expect(report).toMatchObject({ exitCode: 0 });
    const page = readFileSync(file, 'utf8');
    expect(page.match(/<g id="chunk-\d+">/g)).toHaveLength(3);
    for (const told of ['Succeeded', '13.0 MiB', 'GetFileMetadata', 'CompleteUpload']) {
      expect(page).toContain(told);
    }
  });
});
