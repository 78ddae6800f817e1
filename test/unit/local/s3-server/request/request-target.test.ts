import { parseRequestTarget } from '../../../../../local/s3-server/request/request-target.ts';

describe('parseRequestTarget', () => {
  test.each([
    ['a bucket', '/landing', { bucket: 'landing', key: '' }],
    ['a bucket with a slash', '/landing/', { bucket: 'landing', key: '' }],
    ['a key', '/landing/a/b.bin', { bucket: 'landing', key: 'a/b.bin' }],
    ['a key of dots', '/landing/../../etc/passwd', { bucket: 'landing', key: '../../etc/passwd' }],
    ['escaped characters', '/landing/%C3%BC%20%2B%0A%3F', { bucket: 'landing', key: 'ü +\n?' }],
    ['a plus, which is no space', '/landing/a+b', { bucket: 'landing', key: 'a+b' }],
    ['a slash first', '/landing//a', { bucket: 'landing', key: '/a' }],
    ['a key of 1,024 bytes', `/landing/${'%C3%BC'.repeat(512)}`, { bucket: 'landing', key: 'ü'.repeat(512) }],
  ])('%s', (_name, target, expected) => {
    expect(parseRequestTarget(target)).toMatchObject(expected);
  });

  test('gives the query', () => {
    const { key, query } = parseRequestTarget('/landing/k?uploadId=a%2Bb&partNumber=7');
    expect({ key, query: [...query] }).toEqual({
      key: 'k',
      query: [
        ['uploadId', 'a+b'],
        ['partNumber', '7'],
      ],
    });
  });

  test.each([
    ['no bucket', '/', 'InvalidBucketName'],
    ['a bucket that leads elsewhere', '/../x', 'InvalidBucketName'],
    ['a bucket with an escaped slash', '/a%2F..%2Fb/k', 'InvalidBucketName'],
    ['upper case', '/Landing/k', 'InvalidBucketName'],
    ['a key of 1,025 bytes', `/landing/${'k'.repeat(1_025)}`, 'KeyTooLongError'],
    ['a broken escape', '/landing/%zz', 'InvalidURI'],
    ['bytes that are no UTF-8', '/landing/%ff', 'InvalidURI'],
  ])('refuses %s', (_name, target, code) => {
    expect(() => parseRequestTarget(target)).toThrow(expect.objectContaining({ code }));
  });
});
