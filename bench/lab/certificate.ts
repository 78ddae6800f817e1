import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Files in PEM. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

/**
 * Makes a certificate of this machine's loopback address that signs itself, valid for a day. Node's clients trust it
 * by NODE_EXTRA_CA_CERTS. Needs the program `openssl`.
 */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const certFile = path.join(folder, 'certificate.pem');
  const keyFile = path.join(folder, 'certificate-key.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certFile],
  ]);
  return { certFile, keyFile };
}
