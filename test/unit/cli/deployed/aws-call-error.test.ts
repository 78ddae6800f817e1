import { toAwsCallError } from '../../../../cli/deployed/aws-call-error.ts';

function sdkError(name: string, fields: object): Error {
  return Object.assign(new Error('the message'), { name, ...fields });
}
const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

test.each([
  ['throttling', sdkError('ThrottlingException', answered(400)), true, 'AWS answers ThrottlingException'],
  ['a server’s fault', sdkError('InternalFailure', answered(500)), true, 'AWS answers InternalFailure'],
  ['a missing right', sdkError('AccessDeniedException', answered(400)), false, 'answers AccessDenied'],
  ['an expired token', sdkError('ExpiredTokenException', answered(400)), false, 'answers ExpiredToken'],
  ['a refused port', sdkError('Error', { code: 'ECONNREFUSED' }), true, 'AWS does not answer'],
  ['a silent line', sdkError('TimeoutError', {}), true, 'AWS does not answer'],
  ['no credentials', sdkError('CredentialsProviderError', {}), false, 'AWS cannot be asked: the message'],
  ['no region', new Error('Region is missing'), false, 'AWS cannot be asked: Region is missing'],
])('%s', (_name, error, transient, message) => {
  const translated = toAwsCallError('DescribeExecution', error);

  expect(translated.transient).toBe(transient);
  expect(translated.message).toContain('DescribeExecution: ');
  expect(translated.message).toContain(message);
});
