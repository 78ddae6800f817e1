import type { Metric } from '../../metrics.ts';
import type { MetricExpression } from '../alarms/alarm-definition.ts';

/** Widgets as CloudWatch dashboards describe them: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface Widget {
  type: 'text' | 'metric' | 'alarm' | 'log';
  width: number;
  height: number;
  properties: Readonly<Record<string, unknown>>;
}

/** Columns of a dashboard. */
const DASHBOARD_WIDTH = 24;
const GRAPH_WIDTH = 8;
const GRAPH_HEIGHT = 6;

export function textPanel(markdown: string, height: number): Widget {
  return { type: 'text', width: DASHBOARD_WIDTH, height, properties: { markdown } };
}

/** All given alarms with their states; CloudWatch shows at most 100 in one panel. */
export function alarmPanel(
  title: string,
  alarmArns: readonly string[],
  { height = 2, ...shown }: { height?: number; states?: readonly string[]; sortBy?: string } = {},
): Widget {
  return {
    type: 'alarm',
    width: DASHBOARD_WIDTH,
    height,
    properties: { title, alarms: alarmArns, ...shown },
  };
}

/** What a query of Logs Insights finds in a log group, one row a line. */
export function logTable(region: string, title: string, logGroupName: string, query: string): Widget {
  return {
    type: 'log',
    width: DASHBOARD_WIDTH,
    height: GRAPH_HEIGHT,
    properties: { region, title, view: 'table', query: `SOURCE '${logGroupName}' | ${query}` },
  };
}

/** What a line of a graph shows: a metric, or what CloudWatch works out of several. */
export type Line = { metric: Metric; label: string } | { expression: MetricExpression };

/** Lines over five-minute periods. */
export function graph(region: string, title: string, lines: readonly Line[]): Widget {
  return {
    type: 'metric',
    width: GRAPH_WIDTH,
    height: GRAPH_HEIGHT,
    properties: {
      title,
      region,
      view: 'timeSeries',
      period: 300,
      yAxis: { left: { min: 0 } },
      metrics: lines.flatMap((line) =>
        'metric' in line
          ? [metricLine(line.metric, { label: line.label })]
          : expressionLines(line.expression),
      ),
    },
  };
}

function metricLine(metric: Metric, options: Readonly<Record<string, unknown>>): unknown[] {
  const dimensions = Object.entries(metric.dimensions).flat();
  return [metric.namespace, metric.name, ...dimensions, { stat: metric.statistic, ...options }];
}

/** The expression, and its metrics, which are not drawn themselves. Their names are unique within a graph. */
function expressionLines({ label, expression, metrics }: MetricExpression): unknown[][] {
  const inputs = Object.entries(metrics).map(([id, metric]) => metricLine(metric, { id, visible: false }));
  return [[{ expression, label }], ...inputs];
}

/** Puts widgets side by side, row after row, in the order given. */
export function layOut(widgets: readonly Widget[]): (Widget & { x: number; y: number })[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return widgets.map((widget) => {
    if (x + widget.width > DASHBOARD_WIDTH) {
      y += rowHeight;
      [x, rowHeight] = [0, 0];
    }
    const placed = { ...widget, x, y };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return placed;
  });
}
