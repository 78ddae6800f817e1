import type { SFTPWrapper } from 'ssh2';
import { takeRawNames } from '../../../../sftp/ssh2-internals/raw-names.ts';
import { framed, namePacket } from '../../../support/sftp/name-packet.ts';

/** As much of ssh2's channel as is listened to; `given` is what ssh2 itself got. */
function fakeChannel() {
  const given: (Buffer | null)[] = [];
  const channel = {
    _pktLenBytes: 0,
    _writeReqid: 0,
    _requests: {} as Record<number, { cb: () => void }>,
    push(data: Buffer | null) {
      given.push(data === null ? null : Buffer.from(data));
    },
  };
  const request = (id: number): void => {
    channel._writeReqid = id;
    channel._requests[id] = { cb: () => {} };
  };
  return { channel, sftp: channel as unknown as SFTPWrapper, given, request };
}

const NAMES = namePacket(1, [{ name: Buffer.from([0xe9]) }]);
const STATUS = framed(Buffer.from([101, 0, 0, 0, 1, 0, 0, 0, 1]));

test.each([1, 2, 5, 9, 1_000])(
  'the answer comes whole, however it was cut (into pieces of %i bytes)',
  (size) => {
    const { channel, sftp, given, request } = fakeChannel();
    const packets: Buffer[] = [];
    request(1);

    expect(takeRawNames(sftp, (packet) => packets.push(Buffer.from(packet)))).toBe(true);
    const line = framed(NAMES);
    for (let start = 0; start < line.length; start += size) channel.push(line.subarray(start, start + size));

    expect(packets).toEqual([NAMES]);
    expect(given).toEqual([]);
    expect(channel._requests).toEqual({});
  },
);

test('other packets around it go to ssh2, whole and in order', () => {
  const { channel, sftp, given, request } = fakeChannel();
  const packets: Buffer[] = [];
  request(1);
  takeRawNames(sftp, (packet) => packets.push(Buffer.from(packet)));
  const other = framed(namePacket(9, []));
  channel.push(Buffer.concat([STATUS, other, framed(NAMES), STATUS]));

  expect(packets).toEqual([NAMES]);
  expect(given).toEqual([STATUS, other, STATUS]);
});

test('a status instead of names is given to ssh2, and nobody waits any more', () => {
  const { channel, sftp, given, request } = fakeChannel();
  const onPacket = jest.fn();
  request(1);
  takeRawNames(sftp, onPacket);
  const push = channel.push;
  delete channel._requests[1]; // as ssh2 does when it has the status
  push(STATUS);
  push(framed(NAMES));

  expect(given).toEqual([STATUS, framed(NAMES)]);
  expect(onPacket).not.toHaveBeenCalled();
});

test('the end of the channel is given to ssh2', () => {
  const { channel, sftp, given, request } = fakeChannel();
  request(1);
  takeRawNames(sftp, () => {});
  channel.push(null);
  expect(given).toEqual([null]);
});

test('a packet longer than ssh2 takes is given to it at once: it ends the channel', () => {
  const { channel, sftp, given, request } = fakeChannel();
  request(1);
  takeRawNames(sftp, () => {});
  const endless = Buffer.from([0x7f, 0xff, 0xff, 0xff, 104, 0, 0, 0, 1]);
  channel.push(endless);
  expect(given).toEqual([endless]);
});

test.each<[string, (channel: ReturnType<typeof fakeChannel>['channel']) => void]>([
  ['that is in the middle of a packet', (channel) => void Object.assign(channel, { _pktLenBytes: 2 })],
  ['of another version', (channel) => void Object.assign(channel, { push: undefined })],
  ['whose requests cannot be seen', (channel) => void Object.assign(channel, { _requests: undefined })],
])('a channel %s is not listened to', (_name, change) => {
  const { channel, sftp, request } = fakeChannel();
  request(1);
  change(channel);
  expect(takeRawNames(sftp, () => {})).toBe(false);
});
