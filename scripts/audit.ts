import { spawnSync } from 'node:child_process';
import { type AuditAnswer, judgeAudit } from './judge-audit.ts';

/** Fails on a serious known advisory of a package that is deployed or run. */
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const { passed, lines } = judgeAudit(JSON.parse(stdout) as AuditAnswer);
process.stdout.write(`${lines.join('\n')}\n`);
if (!passed) process.exitCode = 1;
