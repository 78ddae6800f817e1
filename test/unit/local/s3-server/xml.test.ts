import { unescapeXml, xmlResult } from '../../../../local/s3-server/xml.ts';

describe('xmlResult', () => {
  test('nests, repeats and leaves out', () => {
    const fields = {
      Name: 'n',
      Missing: undefined,
      Truncated: false,
      Part: [{ Size: 1 }, { Size: 2 }],
      Owner: { ID: 'x' },
    };
    expect(xmlResult('R', fields)).toBe(
      '<R xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>n</Name><Truncated>false</Truncated>' +
        '<Part><Size>1</Size></Part><Part><Size>2</Size></Part><Owner><ID>x</ID></Owner></R>',
    );
  });

  test('escapes what would not come back', () => {
    expect(xmlResult('R', { Key: '<&>"\'\n\r\t\u0001ü 🚚' })).toContain(
      '<Key>&#x3c;&#x26;&#x3e;&#x22;&#x27;&#xa;&#xd;&#x9;&#x1;ü 🚚</Key>',
    );
  });
});

test.each([
  ['&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
  ['&#10;&#xA;&#x1F69A;', '\n\n🚚'],
  ['&amp;lt;', '&lt;'],
  ['&unknown; &#x110000; & ;', '&unknown; &#x110000; & ;'],
])('unescapeXml: %s', (text, expected) => {
  expect(unescapeXml(text)).toBe(expected);
});
