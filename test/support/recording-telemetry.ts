import type { LogFields, Telemetry } from '../../transfer/telemetry.ts';

/** Telemetry that keeps what it was told. */
export class RecordingTelemetry implements Telemetry {
  readonly lines: { level: 'info' | 'warn'; message: string; fields: LogFields }[] = [];
  readonly metrics: { name: string; value: number }[] = [];
  readonly segments: { name: string; error?: unknown; ended: boolean }[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  metric(name: string, value: number): void {
    this.metrics.push({ name, value });
  }

  startSegment(name: string): (error?: unknown) => void {
    const segment: { name: string; error?: unknown; ended: boolean } = { name, ended: false };
    this.segments.push(segment);
    return (error) => {
      segment.ended = true;
      if (error !== undefined) segment.error = error;
    };
  }

  warnings(): string[] {
    return this.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  }
}
