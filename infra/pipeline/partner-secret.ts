import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { Construct } from 'constructs';

/** Time to think again after a partner was deleted. */
const RECOVERY_WINDOW_DAYS = 7;

/**
 * The credentials for one partner's server, as AWS Transfer Family's connectors keep them. The stack makes it
 * without a value; an operator puts the value in, so that it never passes through Terraform's state.
 */
export class PartnerSecret extends Construct {
  public readonly arn: string;
  public readonly secretName: string;

  constructor(scope: Construct, id: string, secretName: string) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, 'secret', {
      name: secretName,
      description:
        'JSON: Username, and Password or PrivateKey or both; PrivateKeyPassphrase if the key has one',
      recoveryWindowInDays: RECOVERY_WINDOW_DAYS,
    });
    this.arn = secret.arn;
    this.secretName = secretName;
  }
}
