/**
 * Every code a {@link SealwrightError} can carry. Closed: a new code is a public change.
 * What each one means, and what to do about it, is in `spec/errors.md`.
 */
export const errorCodes = [
  'INVALID_ARGUMENT',
  'NOT_PROTECTED',
  'ALREADY_PROTECTED',
  'MALFORMED_CONTAINER',
  'MALFORMED_LICENSE',
  'MALFORMED_KEY',
  'MALFORMED_ARCHIVE',
  'UNSUPPORTED_FORMAT',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_CIPHER_MODE',
  'LIMIT_EXCEEDED',
  'DECRYPTION_FAILED',
  'UNTRUSTED_LICENSE',
  'ACCESS_DENIED',
  'TEMPLATE_NOT_FOUND',
  'CONTENT_NOT_FOUND',
  'AUTHORITY_NOT_FOUND',
  'AUTHORITY_EXISTS',
  'AUTHORITY_LOCKED',
  'SERVICE_UNAVAILABLE',
  'SERVICE_REFUSED',
  'UNSUPPORTED_BY_SERVICE',
  'UNTRUSTED_SERVICE',
  'MALFORMED_ANSWER',
  'AUTHENTICATION_FAILED',
  'THROTTLED',
  'TIMED_OUT',
  'ONLINE_REQUIRED',
  'PROXY_FAILED',
  'FILE_NOT_FOUND',
  'NOT_A_FILE',
  'OUTPUT_EXISTS',
  'PERMISSION_DENIED',
  'NO_SPACE',
  'IO_FAILED',
  'WORKER_FAILED',
  'JOURNAL_UNUSABLE',
] as const;

/** One of {@link errorCodes}. */
export type SealwrightErrorCode = (typeof errorCodes)[number];

/** Facts about a failure that a program may use. Never a secret, never document content. */
export interface SealwrightErrorDetails {
  /** Byte offset (in a file) or character offset (in a license text) where reading stopped. */
  readonly offset?: number;
  /** For `ACCESS_DENIED`: the rule that refused, see `RefusalRule`. */
  readonly rule?: string;
  /** For `ACCESS_DENIED`: the right that was asked for and not granted. */
  readonly right?: string;
  /** For `ACCESS_DENIED`: whom to ask for access, as the policy names them. */
  readonly referrer?: string;
  /** The path of the file concerned. */
  readonly path?: string;
  /** What exactly was wrong, in a word that programs may compare: `token-expired`, `host-not-allowed`, … */
  readonly reason?: string;
  /** The field of a service's answer that could not be understood, as a path: `Key.CipherMode`. */
  readonly field?: string;
  /** HTTP status of the answer that led here. */
  readonly status?: number;
  /** The host a request was for, or would have been. */
  readonly host?: string;
  /** The request's id, which the service's log shows as correlation id. */
  readonly requestId?: string;
  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter?: number;
}

/**
 * The one error family of this library. Switch on `code`; show `message` to a person: it says what
 * failed, where, and what to do.
 *
 * @example
 * ```ts
 * import { SealwrightError } from 'sealwright';
 * try {
 *   await file.bytes();
 * } catch (error) {
 *   if (error instanceof SealwrightError && error.code === 'ACCESS_DENIED') console.error(error.message);
 *   else throw error;
 * }
 * ```
 */
export class SealwrightError extends Error {
  override readonly name = 'SealwrightError';
  readonly code: SealwrightErrorCode;
  readonly details: SealwrightErrorDetails;

  constructor(
    code: SealwrightErrorCode,
    message: string,
    options: SealwrightErrorDetails & { readonly cause?: unknown } = {},
  ) {
    const { cause, ...details } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = Object.freeze(details);
  }
}

/**
 * The single failure of every decryption: wrong key, damaged padding, failed authentication and a
 * changed header look alike, so that nobody learns why (spec/cipher-modes.md, "Failures").
 */
export function decryptionFailed(): SealwrightError {
  return new SealwrightError(
    'DECRYPTION_FAILED',
    'The content could not be decrypted: it was changed or cut, or the key does not belong to it. Get a fresh copy of the file.',
  );
}
