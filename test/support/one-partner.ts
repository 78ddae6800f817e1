import { writeFileSync } from 'node:fs';

/**
 * Writes a configuration with the partner `acme` alone.
 * @param changes of the partner
 * @returns the variable that names the file
 */
export function configureOnePartner(file: string, changes: object): { SFTP_TO_S3_CONFIG: string } {
  const partner = {
    name: 'acme',
    host: 'sftp.acme.example',
    hostKeyFingerprints: [`SHA256:${'x'.repeat(43)}`],
    allowedCidrs: ['192.0.2.0/24'],
    ...changes,
  };
  writeFileSync(file, JSON.stringify({ name: 'sftp-to-s3', region: 'eu-central-1', partners: [partner] }));
  return { SFTP_TO_S3_CONFIG: file };
}
