import { fillPlaceholders } from '../../../../infra/pipeline/fill-placeholders.ts';

/** `${expression}`, as placeholders and Terraform references are written. */
const reference = (expression: string) => `\${${expression}}`;
const workflow = (resource: string) =>
  JSON.stringify({ States: { A: { Resource: resource, 'Input.$': '$.a' } } });

test('a placeholder that is a whole value is filled, and nothing else is touched', () => {
  expect(JSON.parse(fillPlaceholders(workflow(reference('FunctionArn')), { FunctionArn: 'arn:1' }))).toEqual({
    States: { A: { Resource: 'arn:1', 'Input.$': '$.a' } },
  });
});

test('a Terraform reference may take its place', () => {
  const filled = fillPlaceholders(workflow(reference('FunctionArn')), {
    FunctionArn: reference('aws_lambda_function.a.arn'),
  });
  expect(JSON.parse(filled).States.A.Resource).toBe(reference('aws_lambda_function.a.arn'));
});

test.each([
  ['without a value', reference('Other'), {}, 'without a value: Other'],
  ['a property of every object', reference('toString'), {}, 'without a value: toString'],
  ['inside a string', `arn:${reference('FunctionArn')}`, { FunctionArn: 'x' }, 'inside a string: arn:'],
  ['for which there is no place', 'arn:aws', { FunctionArn: 'x' }, 'no placeholder for: FunctionArn'],
])('a placeholder %s is refused', (_name, resource, values, message) => {
  expect(() => fillPlaceholders(workflow(resource), values)).toThrow(message);
});
