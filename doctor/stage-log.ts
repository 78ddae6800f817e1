import type { Clock } from '../transfer/clock.ts';
import type { Stage, StageName } from './report.ts';

/** What a stage came to when it did not fail. */
export interface StageResult {
  /** @default ok */
  verdict?: 'ok' | 'warning';
  summary: string;
  details?: Record<string, unknown>;
}

/** A stage failed, and so the check is over. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly stage: StageName;
  /** What went wrong. */
  readonly error: Error;

  constructor(stage: StageName, error: Error) {
    super(`${stage}: ${error.message}`, { cause: error });
    this.stage = stage;
    this.error = error;
  }
}

/** The stages of one check, each passed to `onStage` as soon as it is over. */
export class StageLog {
  readonly stages: Stage[] = [];
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #onStage: (stage: Stage) => void;

  constructor(clock: Pick<Clock, 'nowMs'>, onStage: (stage: Stage) => void) {
    this.#clock = clock;
    this.#onStage = onStage;
  }

  /** @param startedMs by the clock */
  passed(stage: StageName, startedMs: number, { verdict = 'ok', summary, details = {} }: StageResult): void {
    this.#add({ stage, verdict, milliseconds: this.#since(startedMs), summary, details });
  }

  skipped(stage: StageName, reason: string): void {
    this.#add({ stage, verdict: 'skipped', milliseconds: 0, summary: reason, details: {} });
  }

  /** Records the failure and returns what to throw. */
  failed(
    stage: StageName,
    startedMs: number,
    error: Error,
    details: Record<string, unknown> = {},
  ): StageFailure {
    const milliseconds = this.#since(startedMs);
    this.#add({
      stage,
      verdict: 'failed',
      milliseconds,
      summary: `${error.name}: ${error.message}`,
      details,
    });
    return new StageFailure(stage, error);
  }

  /** Runs one stage. @throws StageFailure */
  async measure<T>(stage: StageName, work: () => Promise<StageResult & { value: T }>): Promise<T> {
    const startedMs = this.#clock.nowMs();
    try {
      const { value, ...result } = await work();
      this.passed(stage, startedMs, result);
      return value;
    } catch (error) {
      throw this.failed(stage, startedMs, error instanceof Error ? error : new Error(String(error)));
    }
  }

  has(stage: StageName): boolean {
    return this.stages.some((one) => one.stage === stage);
  }

  #since(startedMs: number): number {
    return this.#clock.nowMs() - startedMs;
  }

  #add(stage: Stage): void {
    this.stages.push(stage);
    this.#onStage(stage);
  }
}
