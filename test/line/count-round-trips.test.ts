import type { TcpPacket } from './support/pcap.ts';
import { countRoundTrips } from './support/round-trips.ts';

const LINE = { clientAddress: 'client', roundTripMs: 100 };

/** `>` is sent by the client, `<` comes back; with the time in ms; `a` only confirms, `s` opens the connection. */
function conversation(text: string): TcpPacket[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({
      timeMs: Number(word.slice(1).replace(/[as]$/, '')),
      source: word.startsWith('>') ? 'client' : 'server',
      destination: word.startsWith('>') ? 'server' : 'client',
      isSyn: word.endsWith('s'),
      payloadBytes: /[as]$/.test(word) ? 0 : 50,
    }));
}

test.each<[string, string, number]>([
  ['nothing', '', 0],
  ['the opening', '>0s <100s', 1],
  ['a request without an answer', '>0s <100s >101', 1],
  ['one question after the other', '>0s <100s >101 <201 >202 <302', 3],
  ['two questions at once', '>0s <100s >101 >101 <201 <201', 2],
  ['what comes without being asked for', '>0s <100s >101 <150 <201', 2],
  ['slow answers', '>0s <180s >190 <380', 2],
  ['a confirmation of the answer', '>0s <100s >101 <201a', 1],
  ['words that waited for a confirmation', '>0s <100s >100a >101 <200 >200a >230 <300', 3],
  ['an answer just too early to be one', '>0s <98s', 0],
])('%s', (_what, packets, expected) => {
  expect(countRoundTrips(conversation(packets), LINE)).toBe(expected);
});
