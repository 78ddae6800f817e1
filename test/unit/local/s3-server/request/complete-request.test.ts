import { parseCompleteRequest } from '../../../../../local/s3-server/request/complete-request.ts';

const document = (parts: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts}</CompleteMultipartUpload>`;

describe('parseCompleteRequest', () => {
  test('gives the parts in the order of the document', () => {
    const parts = `
      <Part><ETag>&quot;abc&quot;</ETag><PartNumber>2</PartNumber></Part>
      <Part><PartNumber>1</PartNumber><ETag>"d&#101;f"</ETag><ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME></Part>`;
    expect(parseCompleteRequest(document(parts))).toEqual([
      { partNumber: 2, etag: 'abc' },
      { partNumber: 1, etag: 'def', checksumCrc64Nvme: 'rosUhgp5mIg=' },
    ]);
  });

  const part = '<Part><ETag>e</ETag><PartNumber>1</PartNumber></Part>';
  test.each([
    ['nothing', ''],
    ['no XML', 'part 1'],
    ['another document', `<Delete>${part}</Delete>`],
    ['no part', document('')],
    ['no ETag', document('<Part><PartNumber>1</PartNumber></Part>')],
    ['no number', document('<Part><ETag>e</ETag></Part>')],
    ['a number that is none', document('<Part><ETag>e</ETag><PartNumber>one</PartNumber></Part>')],
    ['10,001 parts', document(part.repeat(10_001))],
  ])('refuses %s', (_name, text) => {
    expect(() => parseCompleteRequest(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });
});
