import { RunFiles } from '../../../../lambdas/shared/run-files.ts';
import { never } from '../../../support/sftp/partner.ts';
import { MemoryStateFiles } from '../../../support/state-files.ts';

const RUN = 'run-20261125T060000000Z-one';
const KEYS = `runs/acme/${RUN}`;

function runFiles() {
  const files = new MemoryStateFiles();
  return { files, run: new RunFiles(files, 'acme', RUN) };
}

test('more lines than the first piece of memory holds are written whole, in order, and come back', async () => {
  const { files, run } = runFiles();
  const lines = Array.from({ length: 30_000 }, (_, n) => ({ path: `${n}-${'é\u2028\n'.repeat(n % 20)}` }));
  await run.writeLines('decisions', lines.values(), never);

  const text = String(files.files.get(`${KEYS}/decisions.jsonl`));
  expect(text.length).toBeGreaterThan(1024 ** 2);
  expect(text.split('\n')).toHaveLength(lines.length + 1);
  expect(await run.readLines('decisions', never)).toEqual(lines);
});

test('one line that is longer than the first piece of memory is written whole', async () => {
  const { run } = runFiles();
  const lines = [{ path: 'é'.repeat(3 * 1024 ** 2) }, { path: 'b' }];
  await run.writeLines('large', lines, never);
  expect(await run.readLines('large', never)).toEqual(lines);
});

test('no lines are an empty file, which is not the same as none', async () => {
  const { files, run } = runFiles();
  expect(await run.readLines('batches', never)).toBeUndefined();
  await run.writeLines('batches', [], never);
  expect(files.files.get(`${KEYS}/batches.jsonl`)).toHaveLength(0);
  expect(await run.readLines('batches', never)).toEqual([]);
});

test('outcomes of all workers are read, and those of another run are not', async () => {
  const { files, run } = runFiles();
  const other = new RunFiles(files, 'acme', `${RUN}-2`);
  await run.noteOutcomes('batch-1', [{ path: 'a', status: 'landed' }], never);
  await run.noteOutcomes('batch-2', [{ path: 'b', status: 'vanished' }], never);
  await run.noteOutcomes('batch-3', [], never);
  await other.noteOutcomes('batch-1', [{ path: 'c', status: 'landed' }], never);

  const paths: string[] = [];
  for await (const { path } of run.outcomes(never)) paths.push(path);
  expect(paths).toEqual(['a', 'b']);
  expect([...files.files.keys()]).toHaveLength(3);
});

test('an outcome that is none ends the reading: a summary never counts what it cannot read', async () => {
  const { files, run } = runFiles();
  files.files.set(`${KEYS}/outcomes/batch-1.jsonl`, Buffer.from('{"path":"a","status":"flew"}\n'));
  await expect(run.outcomes(never)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    name: 'InvalidTransferRequestError',
  });
});

test('a run that was never planned is named', async () => {
  await expect(runFiles().run.run(never)).rejects.toThrow(`${KEYS}/run.json`);
});

test('a refused login is told to the other workers without its stack', async () => {
  const { files, run } = runFiles();
  expect(await run.refusal(never)).toBeUndefined();
  await run.noteRefusal(
    Object.assign(new Error('wrong password'), { name: 'SftpAuthenticationError' }) as never,
    never,
  );
  expect(await run.refusal(never)).toEqual({ name: 'SftpAuthenticationError', message: 'wrong password' });
  expect(String(files.files.get(`${KEYS}/refusal.json`))).not.toContain('stack');
});
