import { SealwrightError, type SealwrightErrorCode } from '../errors.ts';
import type { ErrorMessage } from '../licensing/index.ts';
import { type Answer, json } from './answer.ts';

/** What an error looks like over HTTP. */
interface ErrorShape {
  readonly status: number;
  /** The protocol's name for it, where it has one (spec/server.md, "Errors"). */
  readonly name: string;
  /** The message may hold paths and states of this machine, so that clients get another one. */
  readonly private?: true;
}

const badInput: ErrorShape = { status: 400, name: 'Microsoft.RightsManagement.Exceptions.BadInputException' };
const unavailable: ErrorShape = {
  status: 503,
  name: 'Sealwright.ServiceUnavailableException',
  private: true,
};
const defect: ErrorShape = { status: 500, name: 'Sealwright.DefectException', private: true };

/** One table for every code; the type makes a code without an entry a compile error. */
const shapes: Readonly<Record<SealwrightErrorCode, ErrorShape>> = {
  INVALID_ARGUMENT: badInput,
  MALFORMED_LICENSE: badInput,
  MALFORMED_KEY: badInput,
  LIMIT_EXCEEDED: badInput,
  UNSUPPORTED_VERSION: badInput,
  UNSUPPORTED_FORMAT: badInput,
  UNSUPPORTED_CIPHER_MODE: badInput,
  UNSUPPORTED_BY_SERVICE: badInput,
  DECRYPTION_FAILED: badInput,
  TEMPLATE_NOT_FOUND: badInput,
  CONTENT_NOT_FOUND: badInput,
  UNTRUSTED_LICENSE: { status: 400, name: 'Microsoft.RightsManagement.Exceptions.UnknownTenantException' },
  SERVICE_REFUSED: { status: 400, name: 'Microsoft.RightsManagement.Exceptions.ServiceDisabledException' },
  ACCESS_DENIED: { status: 403, name: 'Sealwright.AccessDeniedException' },
  AUTHENTICATION_FAILED: { status: 401, name: 'Sealwright.AuthenticationFailedException' },
  THROTTLED: { status: 429, name: 'Sealwright.ThrottledException' },
  TIMED_OUT: { status: 503, name: 'Sealwright.TimedOutException' },
  SERVICE_UNAVAILABLE: unavailable,
  AUTHORITY_NOT_FOUND: unavailable,
  AUTHORITY_LOCKED: unavailable,
  AUTHORITY_EXISTS: unavailable,
  NO_SPACE: unavailable,
  IO_FAILED: unavailable,
  PERMISSION_DENIED: unavailable,
  FILE_NOT_FOUND: unavailable,
  NOT_PROTECTED: defect,
  ALREADY_PROTECTED: defect,
  MALFORMED_CONTAINER: defect,
  MALFORMED_ARCHIVE: defect,
  UNTRUSTED_SERVICE: defect,
  MALFORMED_ANSWER: defect,
  ONLINE_REQUIRED: defect,
  PROXY_FAILED: defect,
  NOT_A_FILE: defect,
  OUTPUT_EXISTS: defect,
  WORKER_FAILED: defect,
  JOURNAL_UNUSABLE: defect,
};

/** Seconds after which a client may try again, where nothing better is known. */
const defaultRetryAfter = 2;

/**
 * The answer to whatever was thrown while a request was served. What is no `SealwrightError` is a defect: the client gets
 * the request's id and nothing else.
 *
 * @param id - of the request, as the log shows it
 */
export function errorAnswer(error: unknown, id: string): Answer {
  if (!(error instanceof SealwrightError)) return defectAnswer(id);
  const { code, details } = error;
  const shape = shapes[code];
  const status = details.status ?? shape.status;
  if (status === 500) return defectAnswer(id);
  const message: ErrorMessage = {
    Code: shape.name,
    Message:
      shape.private === true ? `The service cannot serve this just now (request ${id}).` : error.message,
    Sealwright: {
      Code: shape.private === true ? 'SERVICE_UNAVAILABLE' : code,
      ...(details.rule !== undefined && { Rule: details.rule }),
      ...(details.right !== undefined && { Right: details.right }),
      ...(details.referrer !== undefined && { Referrer: details.referrer }),
      ...(details.reason !== undefined && { Reason: details.reason }),
    },
  };
  const waits = status === 429 || status === 503;
  return json(
    message,
    status,
    waits ? { 'retry-after': String(details.retryAfter ?? defaultRetryAfter) } : undefined,
  );
}

/** Whether `error` is the server's own fault, to be looked into. */
export const isDefect = (error: unknown): boolean =>
  !(error instanceof SealwrightError) || (error.details.status ?? shapes[error.code].status) === 500;

const defectAnswer = (id: string): Answer =>
  json({ Message: `The service failed. Tell whoever runs it the id of the request: ${id}.` }, 500);
