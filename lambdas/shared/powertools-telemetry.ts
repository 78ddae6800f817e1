import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { TransferError } from '../../transfer/errors.ts';
import {
  type LogFields,
  METRIC_UNITS,
  type MetricName,
  type Telemetry,
  UNEXPECTED_ERROR_METRIC,
} from '../../transfer/telemetry.ts';

/**
 * Structured logs, EMF metrics and X-Ray segments of one Lambda. Service name, namespace and log level come from
 * the POWERTOOLS_* environment variables.
 */
export class PowertoolsTelemetry implements Telemetry {
  readonly #step: string;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #tracer = new Tracer();

  constructor(step: string, partner: string) {
    this.#step = step;
    this.#logger = new Logger({ persistentKeys: { step, partner } });
    this.#metrics = new Metrics({ defaultDimensions: { partner } });
  }

  /**
   * Starts one invocation; `fields` are on every line until the next one. Call the returned function at its end:
   * it logs a failure and counts it under the error's name, and writes the metrics.
   */
  begin(context: Context, fields: LogFields): (error?: unknown) => void {
    this.#logger.resetKeys();
    this.#logger.addContext(context);
    this.addLogFields(fields);
    this.#metrics.captureColdStartMetric(context.functionName);
    const endSegment = this.startSegment(`## ${this.#step}`);
    this.#tracer.annotateColdStart();
    this.#tracer.addServiceNameAnnotation();
    return (error) => {
      if (error !== undefined) this.#countFailure(error);
      endSegment(error);
      // With none to publish, Powertools would write a warning that is not JSON at every invocation.
      if (this.#metrics.hasStoredMetrics()) this.#metrics.publishStoredMetrics();
    };
  }

  addLogFields(fields: LogFields): void {
    this.#logger.appendKeys({ ...fields });
  }

  #countFailure(error: unknown): void {
    this.#logger.error('step failed', error instanceof Error ? error : String(error));
    this.#metrics.addMetric(
      error instanceof TransferError ? error.name : UNEXPECTED_ERROR_METRIC,
      'Count',
      1,
    );
  }

  info(message: string, fields: LogFields = {}): void {
    this.#logger.info(message, { ...fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#logger.warn(message, { ...fields });
  }

  metric(name: MetricName, value: number): void {
    this.#metrics.addMetric(name, METRIC_UNITS[name], value);
  }

  startSegment(name: string): (error?: unknown) => void {
    const parent = this.#tracer.isTracingEnabled() ? this.#tracer.getSegment() : undefined;
    if (parent === undefined) return () => {};
    const segment = parent.addNewSubsegment(name);
    this.#tracer.setSegment(segment);
    return (error) => {
      segment.close(error instanceof Error ? error : undefined);
      this.#tracer.setSegment(parent);
    };
  }
}
