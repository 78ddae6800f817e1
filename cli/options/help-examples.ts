import type { Command } from 'commander';

const HOST_KEY = '--host-key SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDJYd9lZvE3cEVj9fc';

/** One command as somebody would type it, by the command's name; a command that is not here has its own. */
const EXAMPLES: Readonly<Record<string, string>> = {
  transfer: `npx sftp-to-s3 transfer sftp://me@sftp.example.com/out/big.bin s3://landing/acme/ \\
    --identity-file ~/.ssh/id_ed25519 ${HOST_KEY}`,
  pull: `npx sftp-to-s3 pull sftp://me@sftp.example.com/out/ s3://landing/acme/ --include '*.zip' --dry-run \\
    --identity-file ~/.ssh/id_ed25519 ${HOST_KEY}`,
  demo: 'npx sftp-to-s3 demo --size 1GiB',
  check: 'npx sftp-to-s3 check acme --path /outbound/big.bin',
  start:
    'npx sftp-to-s3 start acme /outbound/big.bin\n  npx sftp-to-s3 start --again acme/20261125T182914-f60871cd',
  resume: 'npx sftp-to-s3 resume acme/20261125T182914-f60871cd',
  watch: 'npx sftp-to-s3 watch acme',
  list: 'npx sftp-to-s3 list acme',
  history: 'npx sftp-to-s3 history acme/20261125T182914-f60871cd',
  report: 'npx sftp-to-s3 report acme --output transfer.html',
  ledger: "npx sftp-to-s3 ledger acme exports --hold '/out/broken.zip' --reason 'the partner sends it again'",
  expected: 'npx sftp-to-s3 expected acme --date 2027-03-28',
  stop: "npx sftp-to-s3 stop acme --cause 'the partner asked us to'",
  pause: 'npx sftp-to-s3 pause acme',
  unpause: 'npx sftp-to-s3 unpause acme',
  letter: 'npx sftp-to-s3 letter acme',
};

export function addExample(command: Command): void {
  const example = EXAMPLES[command.name()];
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`);
}
