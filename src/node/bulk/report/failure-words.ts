import type { SealwrightErrorCode } from '../../../errors.ts';

/** What a failure means and what to do about it, for people who do not know the codes. */
export interface FailureWords {
  readonly cause: string;
  readonly advice: string;
}

const words = (cause: string, advice: string): FailureWords => ({ cause, advice });

const freshCopy = 'Get a fresh copy of these files.';
const askProvider = 'Try again; if it stays, ask who runs the service.';

/** Words for each code (spec/errors.md). The type makes a code without an entry a compile error. */
export const failureWords: Readonly<Record<SealwrightErrorCode, FailureWords>> = {
  INVALID_ARGUMENT: words('Cannot be done as asked', 'The message of each file says what to change.'),
  TEMPLATE_NOT_FOUND: words('No such template', 'List the templates and choose one that is published.'),
  CONTENT_NOT_FOUND: words(
    'Content is not known',
    'Check that this is the authority that protected the files.',
  ),
  NOT_PROTECTED: words('Not protected', 'Use these files as they are.'),
  ALREADY_PROTECTED: words('Protected already', 'Use "reprotect" to give these files another policy.'),
  MALFORMED_CONTAINER: words('Damaged', freshCopy),
  MALFORMED_LICENSE: words('License is damaged', freshCopy),
  MALFORMED_KEY: words('Key is damaged', 'Restore the key from a backup.'),
  MALFORMED_ARCHIVE: words('Archive is damaged', 'Make the archive again.'),
  UNSUPPORTED_FORMAT: words(
    'Signed, protected or locked in another way',
    'Take the password or protection off in the program that these files belong to; of signed ones, protect the version before.',
  ),
  UNSUPPORTED_VERSION: words('Made by a newer version', 'Update Sealwright and run this again.'),
  UNSUPPORTED_CIPHER_MODE: words('Unknown cipher mode', 'Update Sealwright and run this again.'),
  LIMIT_EXCEEDED: words('Beyond what genuine files have', freshCopy),
  DECRYPTION_FAILED: words('Content was changed or cut', freshCopy),
  UNTRUSTED_LICENSE: words(
    'License of another authority, or changed',
    'Use the authority that protected these files.',
  ),
  ACCESS_DENIED: words(
    'Access refused',
    'Ask the owner of these files, or whom the message names, for access.',
  ),
  AUTHORITY_LOCKED: words('Authority is locked', 'Give the passphrase of the authority.'),
  AUTHENTICATION_FAILED: words('Not signed in', 'Sign in again and run this again.'),
  UNTRUSTED_SERVICE: words(
    'Service is not trusted',
    'If you know the service, allow it; the message says how.',
  ),
  SERVICE_REFUSED: words('Service refuses to serve you', 'Ask who runs the service.'),
  AUTHORITY_NOT_FOUND: words('No authority there', 'Check the path of the authority.'),
  AUTHORITY_EXISTS: words('Authority is there already', 'Use it, or choose another folder.'),
  SERVICE_UNAVAILABLE: words('Service cannot be reached', 'Run this again when the service is up.'),
  UNSUPPORTED_BY_SERVICE: words('Service cannot do this', 'Leave out what the message names.'),
  MALFORMED_ANSWER: words('Service answered nonsense', askProvider),
  THROTTLED: words('Service was asked too often', 'Run this again later, with fewer files at once.'),
  TIMED_OUT: words('Service did not answer in time', askProvider),
  ONLINE_REQUIRED: words('License must be fetched online', 'Run this again without "--offline".'),
  PROXY_FAILED: words('Proxy refused', "Check the proxy's address and sign-in."),
  FILE_NOT_FOUND: words(
    'Gone before it could be read',
    'Nothing to do if they were deleted or moved; else run this again.',
  ),
  NOT_A_FILE: words('Not a regular file', 'Name files, or folders with "--recursive".'),
  OUTPUT_EXISTS: words(
    'A file of the new name is there already',
    'Move that file away, choose another folder for the output, or allow overwriting.',
  ),
  PERMISSION_DENIED: words(
    'No permission to read or write',
    'Give the account that runs this access to file and folder, then run this again.',
  ),
  NO_SPACE: words('Disk is full', 'Free some space and run this again: what is done stays done.'),
  IO_FAILED: words(
    'Reading or writing failed, or the file changed meanwhile',
    'Close the programs that use these files and run this again.',
  ),
  WORKER_FAILED: words('A worker thread ended unexpectedly', 'Run this again, with fewer threads.'),
  JOURNAL_UNUSABLE: words('Journal cannot be used', 'Name another journal.'),
};
