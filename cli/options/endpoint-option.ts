import { type Command, InvalidArgumentError } from 'commander';

/** The option of every command that may ask something else than AWS. */
export function addEndpointOption(command: Command, description: string): Command {
  return command.option('--endpoint-url <url>', description, endpointUrl);
}

/** The options of every command that writes into a store from this machine. */
export function addStoreOptions(command: Command): Command {
  return addEndpointOption(command, 'any S3-compatible store instead of AWS').option(
    '--region <region>',
    "AWS region (default: the SDK's standard chain)",
  );
}

/** A commander argument parser. The text stays as it was written, which is how the ledger distinguishes stores. */
function endpointUrl(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It must be a URL such as https://s3.example.com or http://127.0.0.1:9000.');
}
