import type { SealwrightErrorCode } from '../../errors.ts';

/** What is asked of a service; some answers mean different things for different operations. */
export type RestOperation =
  | 'discover'
  | 'list-templates'
  | 'publish'
  | 'acquire'
  | 'client-licensor'
  | 'register'
  | 'revoke'
  | 'restore';

/** What an error code or a status of the protocol becomes: a code of ours, a word for programs, a sentence. */
export interface ErrorMeaning {
  readonly code: SealwrightErrorCode;
  readonly reason: string;
  /** What it means and what to do; the service and the status are said before it. */
  readonly sentence: string;
}

const refused = (reason: string, sentence: string): ErrorMeaning => ({
  code: 'SERVICE_REFUSED',
  reason,
  sentence,
});

/** What stands before the codes of the protocol. */
export const exceptionPrefix = 'microsoft.rightsmanagement.exceptions.';

/** The codes of the protocol without their prefix, in lower case (spec/rest.md, "Errors"). */
const exceptions: Readonly<Record<string, ErrorMeaning>> = {
  unrecognizedurlexception: refused(
    'unknown-server',
    'The content was protected by a server that this service does not know. Ask the service that protected it.',
  ),
  unknowntenantexception: refused(
    'unknown-organization',
    'It does not know the organization that the content belongs to. Ask the service that protected it.',
  ),
  servicedisabledexception: refused(
    'service-disabled',
    'Rights management is switched off for this person. Ask your administrator.',
  ),
  servicedisabledforapplicationexception: refused(
    'application-disabled',
    'Rights management is switched off for this application. Ask your administrator, or name another application.',
  ),
  notsignedupexception: refused(
    'not-signed-up',
    'Your organization has not signed up for rights management. Ask your administrator.',
  ),
  deviceplatformnotrecognizedexception: refused(
    'device-not-recognized',
    'It does not know the device platform that was stated. Name one it knows as application.platform.',
  ),
  deviceplatformdisabledexception: refused(
    'device-disabled',
    'It does not serve this device platform. Ask your administrator.',
  ),
};

const badLicense: ErrorMeaning = {
  code: 'MALFORMED_LICENSE',
  reason: 'bad-input',
  sentence: 'It cannot read the publishing license. Get a fresh copy of the protected file.',
};
const badRequest: ErrorMeaning = {
  code: 'INVALID_ARGUMENT',
  reason: 'bad-input',
  sentence: 'It does not accept what was asked. Check the policy, the template id and the addresses.',
};

/** What a code of the protocol means for `operation`; `undefined` for one that is not known. */
export function meaningOfException(code: string, operation: RestOperation): ErrorMeaning | undefined {
  const lower = code.trim().toLowerCase();
  if (!lower.startsWith(exceptionPrefix)) return undefined;
  const name = lower.slice(exceptionPrefix.length);
  if (name === 'badinputexception')
    return operation === 'acquire' || operation === 'register' ? badLicense : badRequest;
  return Object.hasOwn(exceptions, name) ? exceptions[name] : undefined;
}

const unavailable = (reason: string, sentence: string): ErrorMeaning => ({
  code: 'SERVICE_UNAVAILABLE',
  reason,
  sentence,
});

const statuses: Readonly<Record<number, ErrorMeaning>> = {
  400: refused('bad-request', 'It refuses the request, with a code that is not known here.'),
  401: {
    code: 'AUTHENTICATION_FAILED',
    reason: 'token-refused',
    sentence: 'It does not accept the token. Sign in again.',
  },
  403: refused('forbidden', 'It does not allow this. Ask who runs it.'),
  404: unavailable('not-found', 'There is no licensing service at this address. Check the address.'),
  405: unavailable('not-found', 'There is no licensing service at this address. Check the address.'),
  407: { code: 'PROXY_FAILED', reason: 'proxy-sign-in', sentence: 'The proxy wants a sign-in.' },
  408: {
    code: 'TIMED_OUT',
    reason: 'request-timeout',
    sentence: 'It waited too long for the request. Try again.',
  },
  413: {
    code: 'LIMIT_EXCEEDED',
    reason: 'request-too-large',
    sentence: 'The license or the policy is larger than it takes.',
  },
  424: unavailable(
    'customer-key-unreachable',
    'It cannot reach the key that the organization keeps itself. Try again later, or ask your administrator.',
  ),
  429: {
    code: 'THROTTLED',
    reason: 'too-many-requests',
    sentence: 'It gets too many requests. Try again later.',
  },
  500: unavailable('server-error', 'Something went wrong there. Try again later.'),
  501: {
    code: 'UNSUPPORTED_BY_SERVICE',
    reason: 'not-implemented',
    sentence: 'It cannot do this. Leave it out, or use a service that can.',
  },
  502: unavailable('bad-gateway', 'It cannot be reached behind its gateway. Try again later.'),
  503: unavailable('busy', 'It is not available. Try again later.'),
  504: unavailable('gateway-timeout', 'It did not answer its gateway in time. Try again later.'),
};

/** What a status other than 200 means where no known code says it better. */
export function meaningOfStatus(status: number): ErrorMeaning {
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (known !== undefined) return known;
  if (status >= 500) return unavailable('server-error', 'Something went wrong there. Try again later.');
  if (status >= 400) return refused('bad-request', 'It refuses the request.');
  return {
    code: 'MALFORMED_ANSWER',
    reason: 'unexpected-status',
    sentence: 'That is no answer of this protocol. Check the address.',
  };
}

const everywhere: readonly SealwrightErrorCode[] = [
  'INVALID_ARGUMENT',
  'LIMIT_EXCEEDED',
  'ACCESS_DENIED',
  'AUTHENTICATION_FAILED',
  'SERVICE_REFUSED',
  'SERVICE_UNAVAILABLE',
  'UNSUPPORTED_BY_SERVICE',
  'THROTTLED',
  'TIMED_OUT',
];
const aboutLicenses: readonly SealwrightErrorCode[] = [
  'MALFORMED_LICENSE',
  'UNTRUSTED_LICENSE',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_CIPHER_MODE',
  'DECRYPTION_FAILED',
];

const allowed: Readonly<Record<RestOperation, readonly SealwrightErrorCode[]>> = {
  discover: everywhere,
  'list-templates': everywhere,
  publish: [...everywhere, 'TEMPLATE_NOT_FOUND', 'UNSUPPORTED_CIPHER_MODE'],
  acquire: [...everywhere, ...aboutLicenses],
  'client-licensor': everywhere,
  register: [...everywhere, ...aboutLicenses],
  revoke: [...everywhere, 'CONTENT_NOT_FOUND'],
  restore: [...everywhere, 'CONTENT_NOT_FOUND'],
};

/** Whether a service may make `operation` end with `code`; nothing else of what it says becomes a code of ours. */
export const mayEndWith = (operation: RestOperation, code: string): code is SealwrightErrorCode =>
  (allowed[operation] as readonly string[]).includes(code);
