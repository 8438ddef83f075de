import type { SealwrightErrorCode } from '../errors.ts';

/** What the process says when it ends (spec/cli.md, "Exit codes"). */
export const exitCodes = {
  done: 0,
  someFailed: 1,
  usage: 2,
  refused: 3,
  unsupported: 4,
  service: 5,
  io: 6,
  /** Something that is no {@link SealwrightErrorCode}: a defect in this program. */
  defect: 70,
  interrupted: 130,
  brokenPipe: 141,
} as const;

/** One of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of each error. The type makes a code without an entry a compile error. */
const exitCodeTable: Readonly<Record<SealwrightErrorCode, ExitCode>> = {
  INVALID_ARGUMENT: exitCodes.usage,
  NOT_PROTECTED: exitCodes.unsupported,
  ALREADY_PROTECTED: exitCodes.unsupported,
  MALFORMED_CONTAINER: exitCodes.unsupported,
  MALFORMED_LICENSE: exitCodes.unsupported,
  MALFORMED_KEY: exitCodes.unsupported,
  MALFORMED_ARCHIVE: exitCodes.unsupported,
  UNSUPPORTED_FORMAT: exitCodes.unsupported,
  UNSUPPORTED_VERSION: exitCodes.unsupported,
  UNSUPPORTED_CIPHER_MODE: exitCodes.unsupported,
  LIMIT_EXCEEDED: exitCodes.unsupported,
  DECRYPTION_FAILED: exitCodes.unsupported,
  UNTRUSTED_LICENSE: exitCodes.refused,
  ACCESS_DENIED: exitCodes.refused,
  TEMPLATE_NOT_FOUND: exitCodes.usage,
  CONTENT_NOT_FOUND: exitCodes.usage,
  AUTHORITY_NOT_FOUND: exitCodes.service,
  AUTHORITY_EXISTS: exitCodes.io,
  AUTHORITY_LOCKED: exitCodes.refused,
  SERVICE_UNAVAILABLE: exitCodes.service,
  SERVICE_REFUSED: exitCodes.refused,
  UNSUPPORTED_BY_SERVICE: exitCodes.unsupported,
  UNTRUSTED_SERVICE: exitCodes.refused,
  MALFORMED_ANSWER: exitCodes.service,
  AUTHENTICATION_FAILED: exitCodes.refused,
  THROTTLED: exitCodes.service,
  TIMED_OUT: exitCodes.service,
  ONLINE_REQUIRED: exitCodes.service,
  PROXY_FAILED: exitCodes.service,
  FILE_NOT_FOUND: exitCodes.io,
  NOT_A_FILE: exitCodes.io,
  OUTPUT_EXISTS: exitCodes.io,
  PERMISSION_DENIED: exitCodes.io,
  NO_SPACE: exitCodes.io,
  IO_FAILED: exitCodes.io,
  WORKER_FAILED: exitCodes.io,
  JOURNAL_UNUSABLE: exitCodes.io,
};

/** The exit code of an error. */
export function exitCodeOf(code: SealwrightErrorCode): ExitCode {
  return exitCodeTable[code];
}

/**
 * The exit code of a run over several inputs: done if all were, the common code if all failed alike,
 * else "some inputs failed".
 */
export function combineExitCodes(codes: readonly ExitCode[]): ExitCode {
  const [first, ...rest] = codes;
  if (first === undefined) return exitCodes.done;
  return rest.every((code) => code === first) ? first : exitCodes.someFailed;
}
