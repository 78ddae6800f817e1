import { onInterrupt } from '../../process/interrupt.ts';
import type { AwsLocation } from '../step-functions/sfn-client.ts';
import { SchedulerSchedules } from './scheduler-schedules.ts';
import type { Schedules } from './schedules.ts';

/** Runs the work of a command that asks EventBridge Scheduler; Ctrl-C aborts the signal. */
export async function withSchedules<T>(
  location: AwsLocation,
  work: (schedules: Schedules, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const schedules = new SchedulerSchedules(location);
  const interrupt = onInterrupt('Stopped. What was changed stays changed.');
  try {
    return await work(schedules, interrupt.signal);
  } finally {
    interrupt.release();
    schedules.destroy();
  }
}
