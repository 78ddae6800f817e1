import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from '../servers/peers.ts';
import { lacksOf } from '../servers/rig/peer.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8');
const ROWS = DOCUMENT.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| server |'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('docs/compatibility.md lists every server that is tried, and what it lacks', () => {
  expect(ROWS.map(([, name, , lacks]) => [name, lacks])).toEqual(
    PEERS.map((peer) => [peer.name, lacksOf(peer)]),
  );
});
