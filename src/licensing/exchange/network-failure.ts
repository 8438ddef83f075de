import { SealwrightError } from '../../errors.ts';

/** What became of a request that got no whole answer. */
export interface NetworkFailure {
  readonly error: SealwrightError;
  /** It did not reach the service, for sure. */
  readonly unsent: boolean;
  /** Another try may end better. */
  readonly passing: boolean;
}

interface Kind {
  readonly reason: string;
  readonly codes: RegExp;
  /** Ends the sentence "HOST …", and says what to do. */
  readonly says: string;
  readonly unsent?: boolean;
  readonly lasting?: boolean;
  readonly code?: 'TIMED_OUT' | 'LIMIT_EXCEEDED' | 'MALFORMED_ANSWER';
}

const kinds: readonly Kind[] = [
  {
    reason: 'dns',
    codes: /^ENOTFOUND$|^ENODATA$|^ERR_NAME_NOT_RESOLVED$/,
    says: 'has no address: the DNS does not know the name. Check its spelling and the network.',
    unsent: true,
    lasting: true,
  },
  {
    reason: 'dns',
    codes: /^EAI_|^ESERVFAIL$|^ETIMEOUT$/,
    says: 'could not be looked up: the DNS did not answer. Check the network and try again.',
    unsent: true,
  },
  {
    reason: 'refused',
    codes: /^ECONNREFUSED$/,
    says: 'refused the connection: nothing listens there, or a firewall is in between. Check host and port.',
    unsent: true,
  },
  {
    reason: 'unreachable',
    codes: /^EHOSTUNREACH$|^ENETUNREACH$|^ENETDOWN$|^EADDRNOTAVAIL$/,
    says: 'cannot be reached from this network. Check the connection, VPN or proxy.',
    unsent: true,
  },
  {
    reason: 'connect',
    codes: /^ETIMEDOUT$|^UND_ERR_CONNECT_TIMEOUT$/,
    says: 'did not take the connection in time. Check the network, VPN or proxy.',
    unsent: true,
    code: 'TIMED_OUT',
  },
  {
    reason: 'head',
    codes: /^UND_ERR_HEADERS_TIMEOUT$/,
    says: 'did not answer in time. Try again.',
    code: 'TIMED_OUT',
  },
  {
    reason: 'idle',
    codes: /^UND_ERR_BODY_TIMEOUT$/,
    says: 'stopped in the middle of its answer. Try again.',
    code: 'TIMED_OUT',
  },
  {
    reason: 'tls',
    codes:
      /^CERT_|^ERR_TLS_|^ERR_SSL_|^DEPTH_ZERO_|^SELF_SIGNED_|^UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_|^HOSTNAME_MISMATCH$|^INVALID_CA$|^EPROTO$/,
    says: 'could not be connected to securely: its certificate or its version of TLS is not accepted. A proxy may be intercepting, or its certificate authority has to be added.',
    unsent: true,
    lasting: true,
  },
  {
    reason: 'headers-too-long',
    codes: /HEADER_?S?_OVERFLOW$/,
    says: 'answered with headers longer than allowed. Ask who runs the service.',
    lasting: true,
    code: 'LIMIT_EXCEEDED',
  },
  {
    reason: 'not-http',
    codes: /^HPE_|^HTTPParserError$/,
    says: 'answered with something that is not HTTP. Check host and port.',
    lasting: true,
    code: 'MALFORMED_ANSWER',
  },
  {
    reason: 'reset',
    codes:
      /^ECONNRESET$|^EPIPE$|^ECONNABORTED$|^UND_ERR_SOCKET$|^UND_ERR_CLOSED$|^ERR_STREAM_PREMATURE_CLOSE$/,
    says: 'broke off the connection. Try again.',
  },
];

const unknown: Kind = {
  reason: 'network',
  codes: /^/,
  says: 'could not be asked: the network failed. Check the connection and try again; in a browser, the service must allow this page (CORS).',
};

/** Tells what a failed `fetch` means for the service at `url`. Errors that say so themselves stay as they are. */
export function networkFailure(thrown: unknown, url: URL, requestId: string): NetworkFailure {
  if (thrown instanceof SealwrightError)
    return { error: thrown, unsent: false, passing: thrown.code === 'SERVICE_UNAVAILABLE' };
  const codes = errorCodes(thrown);
  const kind = kinds.find((each) => codes.some((code) => each.codes.test(code))) ?? unknown;
  const error = new SealwrightError(kind.code ?? 'SERVICE_UNAVAILABLE', `${url.host} ${kind.says}`, {
    reason: kind.reason,
    host: url.hostname,
    requestId,
    cause: thrown,
  });
  return { error, unsent: kind.unsent === true, passing: kind.lasting !== true };
}

/** The system's codes in an error and those below it: `fetch` hides them in causes, and in lists of attempts. */
function errorCodes(thrown: unknown): readonly string[] {
  const codes: string[] = [];
  let layer: readonly unknown[] = [thrown];
  for (let depth = 0; depth < 4 && layer.length > 0; depth++) {
    layer = layer.slice(0, 8).flatMap((error) => {
      if (typeof error !== 'object' || error === null) return [];
      if ('code' in error && typeof error.code === 'string') codes.push(error.code);
      // Node 24 gives those of its HTTP parser no code.
      if (error instanceof Error && error.name === 'HTTPParserError') codes.push(error.name);
      return [
        ...('cause' in error ? [error.cause] : []),
        ...('errors' in error && Array.isArray(error.errors) ? error.errors : []),
      ];
    });
  }
  return codes;
}
