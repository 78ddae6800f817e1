import { IdleWatchdog } from '../../../../sftp/read/idle-watchdog.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('barks once, when nothing came for the whole time', () => {
  const onIdle = jest.fn();
  const watchdog = new IdleWatchdog(1_000, onIdle);
  jest.advanceTimersByTime(5_000);
  expect(onIdle).not.toHaveBeenCalled();
  watchdog.feed();
  jest.advanceTimersByTime(999);
  watchdog.feed();
  jest.advanceTimersByTime(999);
  expect(onIdle).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(onIdle).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(5_000);
  expect(onIdle).toHaveBeenCalledTimes(1);
});

test('holds no timer once it is disarmed, and can be fed again', () => {
  const onIdle = jest.fn();
  const watchdog = new IdleWatchdog(1_000, onIdle);
  watchdog.feed();
  watchdog.disarm();
  expect(jest.getTimerCount()).toBe(0);
  watchdog.feed();
  jest.advanceTimersByTime(1_000);
  expect(onIdle).toHaveBeenCalledTimes(1);
});
