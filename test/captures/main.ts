import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTools } from '../terraform/rig/tools.ts';
import { capturesPage } from './capture.ts';
import { followerScene } from './follower-scene.ts';
import { localScenes } from './local-scenes.ts';

const PAGE = path.join(import.meta.dirname, '../../docs/terminal.md');

/** `npm run captures [FILE]`: plays what an operator may meet in real terminals, and writes down what they show. */
async function main(file: string): Promise<void> {
  const { tools, missing } = findTools();
  if (tools === undefined) throw new Error(`no transfer on AWS can be followed: ${missing}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'sftp-to-s3-captures-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const scenes = await localScenes(folder);
  scenes.push(await followerScene(path.join(folder, 'stack'), tools));
  writeFileSync(file, capturesPage(scenes));
}

await main(process.argv[2] ?? PAGE);
