import { ChannelPlan, type ReadProgress } from '../../../../sftp/read/channel-plan.ts';

const MIB = 1024 ** 2;

describe('where every channel has only its own 2 MiB window', () => {
  test.each([
    [1, 1],
    [1.5 * MIB, 1],
    [1.5 * MIB + 1, 2],
    [6 * MIB, 4],
    [12 * MIB, 8],
    [32 * MIB, 8],
  ])('a window of %d bytes wants %d channels', (windowBytes, channels) => {
    const plan = new ChannelPlan(8, 0);
    const progress = { nowMs: 1, arrivedBytes: 0, remainingBytes: MIB, isConsumerWaiting: true };
    expect(plan.update({ ...progress, windowBytes, windowWidened: false })).toBe(channels);
  });

  test('a smaller window gives none back', () => {
    const plan = new ChannelPlan(8, 0);
    const progress = { nowMs: 1, arrivedBytes: 0, remainingBytes: MIB, isConsumerWaiting: true };
    plan.update({ ...progress, windowBytes: 6 * MIB, windowWidened: false });
    expect(plan.update({ ...progress, windowBytes: 2 * MIB, windowWidened: false })).toBe(4);
  });
});

describe('where one channel carries the whole window', () => {
  /** Answers every 100 ms; returns the channels wanted after each second. */
  function channelsBySecond(
    rateMibPerSecondOf: (channels: number) => number,
    {
      seconds = 6,
      totalBytes = 5_120 * MIB,
      maxChannels = 8,
      isConsumerWaiting = (_answer: number): boolean => true,
    } = {},
  ): number[] {
    const plan = new ChannelPlan(maxChannels, 0);
    const bySecond: number[] = [];
    let channels = 1;
    let arrivedBytes = 0;
    for (let answer = 1; answer <= seconds * 10; answer += 1) {
      arrivedBytes += (rateMibPerSecondOf(channels) * MIB) / 10;
      const progress: ReadProgress = {
        nowMs: answer * 100,
        arrivedBytes,
        remainingBytes: totalBytes - arrivedBytes,
        windowBytes: 32 * MIB,
        windowWidened: true,
        isConsumerWaiting: isConsumerWaiting(answer),
      };
      channels = plan.update(progress);
      if (answer % 10 === 0) bySecond.push(channels);
    }
    return bySecond;
  }

  test.each([
    ['a server that works on one request per channel', (n: number) => 5 * n, {}, [2, 4, 8, 8, 8, 8]],
    ['the same, with a limit of ours', (n: number) => 5 * n, { maxChannels: 4 }, [2, 4, 4, 4, 4, 4]],
    ['a thin line', () => 10, {}, [2, 1, 1, 1, 1, 1]],
    ['a line that two channels fill', (n: number) => Math.min(20, 10 * n), {}, [2, 4, 2, 2, 2, 2]],
    ['a fast server', () => 65, {}, [1, 1, 1, 1, 1, 1]],
    ['a short range', () => 10, { totalBytes: 40 * MIB }, [1, 1, 1, 1, 1, 1]],
    ['a slow consumer', () => 10, { isConsumerWaiting: () => false }, [1, 1, 1, 1, 1, 1]],
    [
      'answers in bursts',
      (n: number) => 5 * n,
      { isConsumerWaiting: (n: number) => n % 5 === 0 },
      [2, 4, 8, 8, 8, 8],
    ],
  ])('%s', (_case, rate, options, expected) => {
    expect(channelsBySecond(rate, options)).toEqual(expected);
  });
});
