import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findTasks, loadWorkflow } from '../../local/workflow-definition.ts';
import { RETRY_RULES, retryRulesOf } from '../../statemachine/retry-rules.ts';
import { retryTable, toRetrier, withRetryTable } from '../../statemachine/retry-table.ts';
import * as errors from '../../transfer/errors.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');

/** Of both workflows; the two share some states, with the same Retry. */
const tasks = [...findTasks(loadWorkflow()), ...findTasks(loadWorkflow('folder'))];
const lambdaTasks = tasks.filter(({ state }) => state.Resource?.startsWith('${'));

type ErrorClass = new (...args: [message: string, detail: string, more: string[]]) => errors.TransferError;
const retryable = Object.values(errors)
  .filter((value) => value !== errors.TransferError)
  .map((value) => new (value as unknown as ErrorClass)('test', 'detail', []))
  .filter((error) => error.retryable)
  .map((error) => error.name);

/** What Invoke may answer that no waiting cures, or that cannot happen to these functions. */
const NOT_RETRIED: Readonly<Record<string, string>> = {
  CodeArtifactUserDeletedException: 'the packages are zip files, not images',
  CodeArtifactUserFailedException: 'the packages are zip files, not images',
  CodeArtifactUserPendingException: 'the packages are zip files, not images',
  DurableExecutionAlreadyStartedException: 'no durable functions',
  EC2AccessDeniedException: 'the role lacks a permission',
  EFSIOException: 'no file system',
  EFSMountConnectivityException: 'no file system',
  EFSMountFailureException: 'no file system',
  EFSMountTimeoutException: 'no file system',
  InvalidParameterValueException: 'the request is wrong',
  InvalidRequestContentException: 'the request is wrong',
  InvalidRuntimeException: 'the function is wrong',
  InvalidSecurityGroupIDException: 'the function is wrong',
  InvalidSubnetIDException: 'the function is wrong',
  InvalidZipFileException: 'the function is wrong',
  KMSAccessDeniedException: 'the role lacks a permission',
  KMSDisabledException: 'somebody disabled the key',
  KMSInvalidStateException: 'somebody disabled or deleted the key',
  KMSNotFoundException: 'somebody deleted the key',
  ModeNotSupportedException: 'the request is wrong',
  NoPublishedVersionException: 'the request is wrong',
  RecursiveInvocationException: 'the functions call no functions',
  RequestTooLargeException: 'the request is wrong',
  ResourceNotFoundException: 'somebody deleted the function',
  S3FilesMountConnectivityException: 'no file system',
  S3FilesMountFailureException: 'no file system',
  S3FilesMountTimeoutException: 'no file system',
  SerializedRequestEntityTooLargeException: 'the request is wrong',
  ServiceQuotaExceededException: 'a quota must be raised first',
  SnapStartException: 'no SnapStart',
  SnapStartNotReadyException: 'no SnapStart',
  SnapStartRegenerationFailureException: 'no SnapStart',
  SnapStartTimeoutException: 'no SnapStart',
  UnsupportedMediaTypeException: 'the request is wrong',
};

describe.each(tasks.map(({ name, state }) => [name, state] as const))('%s', (name, state) => {
  test('retries by the rules that name it, in their order', () => {
    expect(state.Retry).toEqual(retryRulesOf(name).map(toRetrier));
    expect(state.Retry).not.toEqual([]);
  });

  test('has one rule for each error: Step Functions would use the first only', () => {
    const names = retryRulesOf(name).flatMap((rule) => rule.errors.map((error) => error.name));
    expect(names).toEqual([...new Set(names)]);
  });
});

const kebabCase = (name: string): string =>
  name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

describe.each(lambdaTasks.map(({ name, state }) => [name, state] as const))(
  'the step of %s',
  (name, state) => {
    const step = kebabCase(/\{(\w+)FunctionArn\}/.exec(state.Resource ?? '')?.[1] ?? '');
    const core = name.startsWith('AwaitPartner') ? 'await-partner' : step;

    test('documents with @throws exactly the retryable errors after which its state tries again', () => {
      const thrown = documentedErrors(step, core).filter((error) => retryable.includes(error));
      const awaited = (state.Catch ?? []).filter(({ Next }) => Next.startsWith('AwaitPartner'));
      const again = [
        ...retryRulesOf(name).flatMap((rule) => rule.errors.map((error) => error.name)),
        ...awaited.flatMap(({ ErrorEquals }) => ErrorEquals),
      ].filter((error) => retryable.includes(error));
      expect(thrown.sort()).toEqual(again.sort());
    });
  },
);

test('the rules name existing states only', () => {
  const known = tasks.map(({ name }) => name);
  expect(RETRY_RULES.flatMap(({ states }) => states).filter((state) => !known.includes(state))).toEqual([]);
});

test('every retryable error of ours is retried somewhere, and no other of ours', () => {
  const named = RETRY_RULES.flatMap((rule) => rule.errors.map((error) => error.name));
  const ours = named.filter((name) => !name.includes('.'));
  expect([...new Set(ours)].sort()).toEqual([...retryable].sort());
});

test("every error of Lambda's Invoke is retried, or there is a reason why not", () => {
  const declaration = read('node_modules/@aws-sdk/client-lambda/dist-types/commands/InvokeCommand.d.ts');
  const answers = [
    ...declaration.matchAll(/@throws \{@link (\w+Exception)\} \((?:client|server) fault\)/g),
  ].map(([, name]) => name as string);
  expect(answers.length).toBeGreaterThan(30);
  for (const { name } of lambdaTasks) {
    const retried = retryRulesOf(name).flatMap((rule) => rule.errors.map((error) => error.name));
    const undecided = answers.filter(
      (answer) => retried.includes(`Lambda.${answer}`) === Object.hasOwn(NOT_RETRIED, answer),
    );
    expect([name, undecided]).toEqual([name, []]);
  }
});

test('an initialism in an error of Lambda is retried in both spellings', () => {
  const names = RETRY_RULES.flatMap((rule) => rule.errors.map((error) => error.name));
  const withInitialism = names.filter((name) => /^Lambda\.\w*(ENI|EC2|IPA)/.test(name));
  expect(withInitialism.length).toBeGreaterThan(3);
  for (const name of withInitialism) {
    const asWords = name.replace('ENI', 'Eni').replace('EC2', 'Ec2').replace('IPA', 'IpA');
    expect(names).toContain(asWords);
  }
});

test('the table in the README is written from the rules', () => {
  const readme = read('statemachine/README.md');
  expect(readme).toBe(withRetryTable(readme, retryTable(RETRY_RULES)));
});

/** Names after `@throws` in the doc comments of a step's exported functions, and the error of its deadline. */
function documentedErrors(step: string, coreFile: string): string[] {
  // The step itself, and what makes it a step of a folder's run.
  const core = readdirSync(path.join(PROJECT, 'lambdas', step))
    .filter((file) => file === `${coreFile}.ts` || file.endsWith('-of-run.ts'))
    .map((file) => read(`lambdas/${step}/${file}`))
    .join('\n');
  const handler = read(`lambdas/${step}/handler.ts`);
  const documented = [
    ...core.matchAll(/\/\*\*(?:(?!\*\/).)*?@throws ((?:(?!\*\/).)*)\*\/\s*export/gs),
  ].flatMap(([, text]) => [...(text ?? '').matchAll(/\b\w+Error\b/g)].map(([name]) => name));
  const deadlines = [...handler.matchAll(/deadlineError: .*new (\w+Error)\(/g)].map(
    ([, name]) => name as string,
  );
  return [...new Set([...documented, ...deadlines])];
}
