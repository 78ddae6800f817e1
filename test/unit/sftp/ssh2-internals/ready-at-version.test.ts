import { EventEmitter } from 'node:events';
import type { SFTPWrapper } from 'ssh2';
import { onceLimitsAnswered, readyAtVersion } from '../../../../sftp/ssh2-internals/ready-at-version.ts';

const VERSION = Buffer.from('version');
const LIMITS = Buffer.from('limits');

/** ssh2's channel, as far as it matters: after the version it asks for limits, and is ready when they came. */
class FakeChannel extends EventEmitter {
  _version = -1;
  _requests: Record<number, { extended: string; cb: () => void }> = {};
  readonly asksLimits: boolean;

  constructor(asksLimits: boolean) {
    super();
    this.asksLimits = asksLimits;
  }

  push(data: Buffer): void {
    if (data === VERSION) {
      this._version = 3;
      if (!this.asksLimits) this.emit('ready');
      else this._requests[0] = { extended: 'limits@openssh.com', cb: () => this.emit('ready') };
    } else if (data === LIMITS) {
      this._requests[0]?.cb();
    }
  }
}

function channel(asksLimits: boolean) {
  const fake = new FakeChannel(asksLimits);
  const ready = jest.fn();
  fake.once('ready', ready);
  return { fake, ready, sftp: fake as unknown as SFTPWrapper };
}

test('is ready at the version, and says when the limits have come', () => {
  const { fake, ready, sftp } = channel(true);
  readyAtVersion(sftp);
  fake.push(Buffer.from('half a packet'));
  expect(ready).not.toHaveBeenCalled();
  fake.push(VERSION);
  expect(ready).toHaveBeenCalledTimes(1);

  const answered = jest.fn();
  expect(onceLimitsAnswered(sftp, answered)).toBe(true);
  expect(answered).not.toHaveBeenCalled();
  fake.push(LIMITS);
  expect(answered).toHaveBeenCalledTimes(1);
  expect(onceLimitsAnswered(sftp, answered)).toBe(false);
});

test('awaits nothing of a server that announces no limits', () => {
  const { fake, ready, sftp } = channel(false);
  readyAtVersion(sftp);
  fake.push(VERSION);
  expect(ready).toHaveBeenCalledTimes(1);
  expect(onceLimitsAnswered(sftp, () => {})).toBe(false);
});

test('reads on with the method of the class', () => {
  const { fake, sftp } = channel(true);
  readyAtVersion(sftp);
  expect(Object.hasOwn(fake, 'push')).toBe(true);
  fake.push(VERSION);
  expect(Object.hasOwn(fake, 'push')).toBe(false);
});

test.each([{}, { push: 'other' }, { push: () => {}, _version: undefined }, { push: () => {}, _version: 3 }])(
  'leaves another version of ssh2 alone: %j',
  (other) => {
    const before = { ...other };
    readyAtVersion(other as unknown as SFTPWrapper);
    expect(other).toEqual(before);
  },
);
