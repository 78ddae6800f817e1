import type { LogFields, MetricName, Telemetry } from '../transfer/telemetry.ts';

/**
 * Telemetry of local mode: one JSON object a line for logs and metrics, given to `write`; no traces.
 * Without `write` it is silent.
 */
export function lineTelemetry(write?: (line: string) => void): Telemetry {
  const line = (level: string, message: string, fields: LogFields = {}): void =>
    write?.(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields }));
  return {
    info: (message, fields) => line('INFO', message, fields),
    warn: (message, fields) => line('WARN', message, fields),
    metric: (name: MetricName, value: number) => line('METRIC', name, { value }),
    startSegment: () => () => {},
  };
}
