import { answeredTooMuch, endedEarly } from '../../../../sftp/read/wrong-answers.ts';

test('an answer that is too long is an error of the connection, with both lengths', () => {
  expect(answeredTooMuch('/out/f', 32_769, 32_768)).toMatchObject({
    name: 'SftpConnectionError',
    message: expect.stringContaining('32769 bytes for a read of 32768'),
  });
});

test('a file that ends within a piece has changed, and the error names where it ended', () => {
  const piece = { range: { endByte: 1_000 }, startByte: 400, answeredBytes: 100 };
  expect(endedEarly('/out/f', piece as never)).toMatchObject({
    name: 'SourceChangedError',
    message: '/out/f ends at byte 500 or before, but byte 1000 was planned',
  });
});
