import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AwsChunkedDecoder } from '../../../../../local/s3-server/body/aws-chunked-decoder.ts';

const FULL_CHUNK = 'a'.repeat(8_192);

describe('AwsChunkedDecoder', () => {
  test.each([
    ['no payload', '0\r\n\r\n', ''],
    ['one chunk', '3\r\nabc\r\n0\r\n\r\n', 'abc'],
    ['upper-case size', 'A\r\n0123456789\r\n0\r\n\r\n', '0123456789'],
    ['a small chunk last', `2000\r\n${FULL_CHUNK}\r\n1\r\nb\r\n0\r\n\r\n`, `${FULL_CHUNK}b`],
    ['CR and LF as payload', '4\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n'],
    ['a signature', '3;chunk-signature=ad80c730\r\nabc\r\n0;chunk-signature=b6c6ea8a\r\n\r\n', 'abc'],
  ])('takes the framing off: %s', async (_name, framed, payload) => {
    await expect(decode([framed])).resolves.toEqual({ payload, trailers: {} });
    await expect(decode([...framed])).resolves.toEqual({ payload, trailers: {} });
  });

  test('gives the trailers', async () => {
    const framed = '3\r\nabc\r\n0\r\nX-Amz-Checksum-Crc64nvme: rosUhgp5mIg=\r\nx-amz-other:1\r\n\r\n';
    await expect(decode([...framed])).resolves.toEqual({
      payload: 'abc',
      trailers: { 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=', 'x-amz-other': '1' },
    });
  });

  test.each([
    ['an end inside a chunk', '5\r\nabc', 'IncompleteBody'],
    ['an end after a chunk', '3\r\nabc\r\n', 'IncompleteBody'],
    ['an end inside the trailer', '0\r\nx-amz-checksum-crc64nvme:rosUhg', 'IncompleteBody'],
    ['an end before the closing line', '0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n', 'IncompleteBody'],
    ['nothing', '', 'IncompleteBody'],
    ['bytes after the closing line', '0\r\n\r\nx', 'IncompleteBody'],
    ['a chunk longer than it says', '3\r\nabcd\r\n0\r\n\r\n', 'IncompleteBody'],
    ['no size', 'hello\r\n', 'IncompleteBody'],
    ['a bare line feed', '3\nabc\n0\n\n', 'IncompleteBody'],
    ['a header without end', 'f'.repeat(5_000), 'IncompleteBody'],
    ['a trailer without name', '0\r\n:value\r\n\r\n', 'MalformedTrailerError'],
    [
      '8,191 bytes before the last chunk',
      `1fff\r\n${'a'.repeat(8_191)}\r\n1\r\nb\r\n0\r\n\r\n`,
      'InvalidChunkSizeError',
    ],
  ])('refuses %s', async (_name, framed, code) => {
    await expect(decode([framed])).rejects.toThrow(expect.objectContaining({ name: 'S3Error', code }));
  });
});

async function decode(pieces: readonly string[]) {
  const decoder = new AwsChunkedDecoder();
  const source = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  source.pipe(decoder);
  const payload = (await buffer(decoder)).toString();
  return { payload, trailers: Object.fromEntries(decoder.trailers) };
}
