import type { Lab } from '../lab/lab.ts';

/** The environment of a Node process that trusts the lab's own certificate. */
export function trusting({ certificate }: Lab): NodeJS.ProcessEnv {
  return { ...process.env, NODE_EXTRA_CA_CERTS: certificate.certFile };
}
