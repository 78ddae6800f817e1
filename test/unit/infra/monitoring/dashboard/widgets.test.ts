import { graph, layOut, textPanel } from '../../../../../infra/monitoring/dashboard/widgets.ts';

const bytes = {
  namespace: 'SftpToS3',
  name: 'BytesTransferred',
  dimensions: { partner: 'acme' },
  statistic: 'Sum',
};

test('a line is a metric with its dimensions, statistic and label', () => {
  const { properties } = graph('eu-west-1', 'Bytes', [{ metric: bytes, label: 'landed' }]);

  expect(properties.metrics).toEqual([
    ['SftpToS3', 'BytesTransferred', 'partner', 'acme', { stat: 'Sum', label: 'landed' }],
  ]);
});

test('a line that is worked out shows only its result', () => {
  const expression = {
    label: 'MiB/s',
    expression: 'landed / PERIOD(landed) / 1048576',
    metrics: { landed: bytes },
  };

  const { properties } = graph('eu-west-1', 'Throughput', [{ expression }]);

  expect(properties.metrics).toEqual([
    [{ expression: 'landed / PERIOD(landed) / 1048576', label: 'MiB/s' }],
    ['SftpToS3', 'BytesTransferred', 'partner', 'acme', { stat: 'Sum', id: 'landed', visible: false }],
  ]);
});

test('widgets stand side by side until a row of 24 columns is full', () => {
  const third = graph('eu-west-1', 'any', []);

  const places = layOut([textPanel('# top', 5), third, third, third, third]).map(({ x, y }) => [x, y]);

  expect(places).toEqual([
    [0, 0],
    [0, 5],
    [8, 5],
    [16, 5],
    [0, 11],
  ]);
});
