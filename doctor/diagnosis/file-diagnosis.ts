import {
  SftpRequestFailedError,
  SftpRequestRefusedError,
  SftpStalledError,
  SourceChangedError,
  SourceNotAFileError,
  SourceNotFoundError,
  SourcePermissionError,
} from '../../transfer/errors.ts';
import type { Diagnosis, FailedCheck } from './failed-check.ts';

/** Whose fault it is that a file cannot be found or read although the login works. */
export function diagnoseFile({ error, path = 'the home folder', stage }: FailedCheck): Diagnosis {
  if (error instanceof SourceNotFoundError) {
    const vanished = stage !== 'realpath' && stage !== 'stat';
    return {
      fault: vanished ? 'partner' : 'ours',
      sentence: vanished
        ? `The partner's side: ${path} was there a moment ago and is gone.`
        : `Our side, unless the partner is late: the login works, and there is no ${path}. Compare the path, upper and lower case included; it may count from another folder than we think (see the stage realpath of a check without a path).`,
      request: `There is no file ${path} for our account. Under which path do you deliver it, and has it been delivered?`,
    };
  }
  if (error instanceof SourceNotAFileError) {
    return {
      fault: 'ours',
      sentence: `Our side: ${error.message}. Give the path of a file.`,
    };
  }
  if (error instanceof SourcePermissionError) {
    return {
      fault: 'partner',
      sentence: `The partner's side: the login works, but our account may not read ${path}.`,
      request: `Our account may not read ${path}. Please give it read permission for the file, and execute permission for the folders above it.`,
    };
  }
  if (error instanceof SourceChangedError) {
    return {
      fault: 'partner',
      sentence: `The partner's side: ${path} changes, or is not what the server reports (${error.message}). It is probably still being written.`,
      request: `What your server reports of ${path} does not hold when we read it (${error.message}). Please write it under another name and rename it when it is complete. If it is complete already, please correct the size that your server reports.`,
    };
  }
  if (error instanceof SftpRequestRefusedError) {
    return {
      fault: 'partner',
      sentence: `The partner's side: the login works, and its server refuses what a transfer needs (${error.message}). Trying again does not help.`,
      request: `Your server does not answer our request for ${path} as the SFTP protocol (version 3) has it: ${error.message}. What does its log say at this time?`,
    };
  }
  if (error instanceof SftpRequestFailedError) {
    return {
      fault: 'partner',
      sentence: `The partner's side: the login works, and its server answers that it failed (${error.message}). Run the check again in some minutes; transfers try again by themselves.`,
      request: `Your server answers our request for ${path} with a failure: ${error.message}. Is the storage behind it well?`,
    };
  }
  if (error instanceof SftpStalledError) {
    return {
      fault: 'partner',
      sentence: `The partner's side, most likely: the connection is open, but the server stopped answering (${error.message}).`,
      request: `Your server stopped answering while we read ${path}. Is its storage overloaded?`,
    };
  }
  if (stage === 'channels') {
    return {
      fault: 'partner',
      sentence: `The partner's side: instead of refusing one SFTP channel more, its server ends the whole connection (${error.message}).`,
      request:
        'Your server ends the connection when we open several SFTP channels on it. How many may one connection have?',
    };
  }
  return {
    fault: 'network',
    sentence: `The network, most likely: the connection broke after the login (${error.message}). Run the check again; transfers reconnect by themselves.`,
    request: `Our connection was ended while we used it. What does your server's log say at this time?`,
  };
}
