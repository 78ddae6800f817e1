import {
  HostKeyMismatchError,
  InvalidTransferRequestError,
  SftpAuthenticationError,
} from '../../transfer/errors.ts';
import { HostUnknownError } from '../stages/preparation-stages.ts';
import { isWithin } from './cidr.ts';
import type { Diagnosis, FailedCheck } from './failed-check.ts';

type ConnectionStage = 'dns' | 'tcp' | 'banner' | 'algorithms' | 'host-key' | 'login' | 'sftp-session';

const ALLOWLIST_REQUEST =
  'Is the SFTP service running on this port, and does your firewall allow the addresses above? Please allow all of them.';
const BANNED_HINT = 'Do not try again before it is settled: repeated failures get our addresses banned.';

/** Whose fault it is that no usable connection came about. */
export function diagnoseConnection(stage: ConnectionStage, failed: FailedCheck): Diagnosis {
  const { untoldAddress } = failed.facts;
  const isTurnedAway = stage === 'tcp' || stage === 'banner';
  return isTurnedAway && untoldAddress !== undefined
    ? comesFromElsewhere(untoldAddress, failed)
    : BY_STAGE[stage](failed);
}

/** A firewall that lets in what it was told of turns this address away, as it should. */
function comesFromElsewhere(address: string, { egressAddresses }: FailedCheck): Diagnosis {
  return {
    fault: 'ours',
    sentence: `Our side, most likely: transfers leave from ${address}, and the partner was told ${egressAddresses.join(', ')}. Ask whoever runs our way out whether ${address} stays; then correct network.existing.egressAddresses, deploy, and ask the partner to allow it.`,
    request: `Our connections come from ${address}. Please allow this address as well.`,
  };
}

const SHOW_FINGERPRINT = 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';
const WHY_NOT_OURS =
  'We do not send you the fingerprint that we see, so that you read yours from the server.';

const BY_STAGE: Readonly<Record<ConnectionStage, (failed: FailedCheck) => Diagnosis>> = {
  dns({ error, host }) {
    if (error instanceof HostUnknownError) {
      return {
        fault: 'ours',
        sentence: `Our side, most likely: no name server knows ${host}. Compare it with the host name that the partner gave us; if it is the same, the partner's record is gone.`,
        request: `We cannot resolve ${host} any more. Is it still the right host name?`,
      };
    }
    return {
      fault: 'network',
      sentence: `The network on our side: the name server gives no answer about ${host} (${error.message}). Try again in a minute; nothing is asked of the partner.`,
    };
  },

  tcp({ facts, host, port, allowedCidrs }) {
    const { address = host, loss } = facts;
    const outside =
      allowedCidrs.length > 0 && facts.address !== undefined && !isWithin(address, allowedCidrs);
    if (loss?.how === 'timed-out' && outside) {
      return {
        fault: 'ours',
        sentence: `Our side: ${host} is ${address} now, and our security group reaches only ${allowedCidrs.join(', ')}. When the partner confirms the address, add it to allowedCidrs and deploy.`,
        request: `${host} now resolves to ${address}. Is this your new address, and will it stay?`,
      };
    }
    if (loss?.how === 'unreachable') {
      return {
        fault: 'network',
        sentence: `The network on our side: there is no way from here to ${address}. Look at the NAT gateway and the route tables.`,
      };
    }
    if (loss?.how === 'refused') {
      return {
        fault: 'partner',
        sentence: `The partner's side: ${address} refuses connections on port ${port}. Its SFTP service is down, or its firewall does not know our addresses.`,
        request: ALLOWLIST_REQUEST,
      };
    }
    return {
      fault: 'partner',
      sentence: `The partner's side, most likely: ${address} does not answer on port ${port}. A firewall that does not know our addresses does this, and so does a server that is switched off.`,
      request: ALLOWLIST_REQUEST,
    };
  },

  banner({ facts, port }) {
    const said = facts.loss?.said ?? '';
    if (/MaxStartups/i.test(said)) {
      return {
        fault: 'partner',
        sentence: `The partner's side: its server has too many logins under way and turns new ones away (it said: ${said}). Transfers try again by themselves.`,
        request: `Your server turns connections away (it said: ${said}). Can MaxStartups be raised, or who else fills it?`,
      };
    }
    if (said !== '') {
      return {
        fault: 'ours',
        sentence: `Our side, most likely: what answers on port ${port} is not SSH (it said: ${said}). Compare the port with the one that the partner gave us.`,
        request: `On port ${port} something answers that is not SSH (it said: ${said}). Which port is SFTP on?`,
      };
    }
    return {
      fault: 'partner',
      sentence:
        "The partner's side: it accepts the connection and ends it, or keeps silent, before the server's first word. A firewall that does not know our addresses does this, and so does a server that is overloaded.",
      request: ALLOWLIST_REQUEST,
    };
  },

  algorithms({ error, facts }) {
    if (!(error instanceof InvalidTransferRequestError)) return brokenHandshake(error);
    if (facts.wouldHelp.length === 0 && facts.unsupported.length > 0) {
      return {
        fault: 'ours',
        sentence: `Our side: the server asks for what this product does not support yet. ${error.bound}`,
        request: `Our SFTP client does not support ${facts.unsupported.join(', ')} yet, and your server offers us nothing else of that kind. Can you enable another one as well, at least for our account? ${error.bound}`,
      };
    }
    if (facts.wouldHelp.length === 0) {
      return {
        fault: 'partner',
        sentence: `The partner's side: its server and ours have no algorithm in common, not even an old one that we could allow. ${error.bound}`,
        request: 'Please enable current algorithms on your server: it has none in common with ours.',
      };
    }
    return {
      fault: 'partner',
      sentence: `The partner's side: its server offers only old algorithms. Until it is upgraded, add to the partner's legacyAlgorithms (on this machine: --legacy-algorithm): ${facts.wouldHelp.join(', ')}.`,
      request: `Your server offers only outdated algorithms (${facts.wouldHelp.join(', ')}). Please enable current ones.`,
    };
  },

  'host-key'({ error }) {
    if (!(error instanceof HostKeyMismatchError)) return brokenHandshake(error);
    if (error.pinned.length === 0) {
      return {
        fault: 'ours',
        sentence: `Our side: no host key is pinned yet. The server offers ${error.offered}; confirm it with the partner through another channel than this connection, then pin it (on this machine: --host-key ${error.offered}). Nothing was sent.`,
        request: `Please read us the SHA-256 fingerprints of all host keys of this server (${SHOW_FINGERPRINT}). We have sent nothing yet. ${WHY_NOT_OURS}`,
      };
    }
    return {
      fault: 'partner',
      sentence: `The partner's side: its server shows another host key than the pinned one. Either the partner has changed it, or somebody is intercepting the connection: do not pin the new one before the partner has confirmed it through another channel, such as a call to a known number. Nothing was sent.`,
      request: `Your server shows us a host key that we do not know. We have sent nothing and stopped our transfers. Please read us, by telephone, the SHA-256 fingerprints of all host keys of this server (${SHOW_FINGERPRINT}), and since when they are in use. ${WHY_NOT_OURS}`,
    };
  },

  login({ error, facts }) {
    if (error instanceof SftpAuthenticationError) {
      return {
        fault: 'ours',
        sentence: `Our side until shown otherwise: the server refused our login. Compare the user name, the key and the password of the secret with what the partner gave us. ${BANNED_HINT}`,
        request: `Your server refuses our login. Is the account active, is our key or password still the one you know, and have you banned our addresses?`,
      };
    }
    if (error instanceof InvalidTransferRequestError) {
      return {
        fault: 'ours',
        sentence: `Our side: ${error.message}.`,
        request:
          'Your server takes no signature that our RSA key makes safely (RFC 8332: rsa-sha2-256, rsa-sha2-512). Can you enable these, or may we give you an ed25519 key?',
      };
    }
    return {
      fault: 'partner',
      sentence: `The partner's side, most likely: the server knows our address and its key is right, but in the login it ${facts.loss?.how === 'timed-out' ? 'gives no answer' : 'ends the connection'}. ${BANNED_HINT}`,
      request: 'Your server stops answering in the middle of our login. What does its log say at this time?',
    };
  },

  'sftp-session'({ error }) {
    return {
      fault: 'partner',
      sentence: `The partner's side: the login succeeds, but the server opens no SFTP session (${error.message}).`,
      request:
        'Our login succeeds, but your server opens no SFTP session. Is the SFTP subsystem enabled for this account, and how many sessions may it have?',
    };
  },
};

function brokenHandshake(error: Error): Diagnosis {
  return {
    fault: 'network',
    sentence: `The network, most likely: the connection broke in the middle of the handshake (${error.message}). A device in between that inspects or shortens packets does this. Run the check again; when it stays so, ask the partner's network people too.`,
    request:
      'Connections to your server break in the middle of the SSH handshake. Does a firewall in between inspect SSH, or is the MTU reduced?',
  };
}
