import { type FileHandle, open } from 'node:fs/promises';
import { OpenHandles } from '../../../../local/sftp-server/open-handles.ts';

const openSelf = (): Promise<FileHandle> => open(import.meta.filename);
const entry = (file: FileHandle) => ({ kind: 'file' as const, path: '/x', systemPath: '/x', file });

test('closing the session closes what is open', async () => {
  const handles = new OpenHandles();
  const file = await openSelf();
  handles.add(entry(file));

  await handles.closeAll();

  expect(file.fd).toBe(-1);
});

test('a file that was being opened while the session ended is closed too', async () => {
  const handles = new OpenHandles();
  await handles.closeAll();
  const file = await openSelf();

  const handle = handles.add(entry(file));

  expect(file.fd).toBe(-1);
  expect(handles.file(handle)).toBeUndefined();
});
