import { Command } from 'commander';
import { pipelineName } from '../../../infra/pipeline/names.ts';
import { findConfiguredPartner } from '../../deployed/configured-partner.ts';
import { deployedEgressAddresses } from '../../deployed/egress-addresses.ts';
import { onboardingLetter } from '../../onboarding/letter.ts';
import { type AwsFlags, addAwsOptions } from '../../options/aws-options.ts';
import { printLine } from '../../print.ts';

export function letterCommand(): Command {
  const command = new Command('letter')
    .description("what to write to a partner's administrator: our addresses, our sessions, what we need")
    .argument('<partner>', 'a partner of the configuration');
  return addAwsOptions(command).action(letter);
}

async function letter(name: string, flags: AwsFlags): Promise<void> {
  const { configuration, partner } = findConfiguredPartner(name);
  const pipeline = pipelineName(flags.stackName ?? configuration.name, name);
  const location = { region: flags.region ?? configuration.region, endpoint: flags.endpointUrl };
  const addresses = await deployedEgressAddresses(pipeline, location);
  if (addresses === undefined)
    process.stderr.write(
      `${pipeline} is not deployed in ${location.region}: its addresses are not known yet.\n`,
    );
  printLine(onboardingLetter({ ...partner, addresses }));
}
