import { SealwrightError } from '../../errors.ts';

/** What a failed statement or connection means. */
export type DatabaseTrouble = 'away' | 'conflict' | 'refused' | 'other';

// Classes and codes of PostgreSQL, and what the system and the driver say of connections.
const awayCodes = new Set([
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '57P01', // shutting down
  '57P02', // crashed
  '57P03', // starting up
  '57P05', // idle session
  '25006', // read-only: a standby that was not promoted yet
  '55P03', // lock not available
  '57014', // the statement took too long
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENOENT', // the socket of a server that does not run
]);
const conflictCodes = new Set(['40001', '40P01']);
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|The server does not support SSL|read E|write E)/;

/** Sorts an error of the driver. */
export function troubleOf(error: unknown): DatabaseTrouble {
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  const code = codeOf(error);
  if (code !== undefined) {
    if (code.startsWith('08') || awayCodes.has(code)) return 'away';
    if (conflictCodes.has(code)) return 'conflict';
    if (code.startsWith('28') || code === '42501' || code === '3D000') return 'refused';
  }
  if (error instanceof Error && awayMessages.test(error.message)) return 'away';
  return 'other';
}

/**
 * Says what an error of the database means. The address of the database may hold a password and is never part of it:
 * `server` names host and database only.
 */
export function databaseError(error: unknown, server: string, doing: string): Error {
  if (error instanceof SealwrightError || isAbort(error)) return error as Error;
  const code = codeOf(error);
  const said = code === undefined ? '' : ` (${code})`;
  const options = { host: server, ...(code === undefined ? {} : { reason: code }), cause: error };
  switch (code) {
    case '28P01':
    case '28000':
      return new SealwrightError(
        'AUTHENTICATION_FAILED',
        `The database ${server} does not let this user in${said}: check user and password (in the address, PGPASSWORD or ~/.pgpass).`,
        options,
      );
    case '3D000':
      return new SealwrightError(
        'SERVICE_REFUSED',
        `There is no such database at ${server}${said}: create it, or check the address.`,
        options,
      );
    case '42501':
      return new SealwrightError(
        'SERVICE_REFUSED',
        `This user of the database ${server} may not ${doing}${said}: grant it what spec/queue.md, "Privileges", lists.`,
        options,
      );
    case '42P01':
    case '42703':
    case '42883':
    case '3F000':
      return new SealwrightError(
        'UNSUPPORTED_VERSION',
        `The tables of bulk runs in ${server} are not as this version knows them${said}: drop the schema sealwright_bulk if no run matters, or use the version that made them.`,
        options,
      );
    default:
  }
  if (isUntrusted(code)) {
    return new SealwrightError(
      'UNTRUSTED_SERVICE',
      `The certificate of the database ${server} is not trusted${said}: name its authority with sslrootcert in the address.`,
      options,
    );
  }
  if (troubleOf(error) !== 'other') {
    return new SealwrightError(
      'SERVICE_UNAVAILABLE',
      `The database ${server} could not be asked to ${doing}${said}: check that it runs and can be reached from here, and try again.`,
      options,
    );
  }
  return new SealwrightError(
    'MALFORMED_ANSWER',
    `The database ${server} could not be asked to ${doing}${said}: ${sentenceOf(error)}.`,
    options,
  );
}

/** What stood in a row cannot be understood: somebody else wrote it, or it was damaged. */
export function malformedRow(what: string, field: string): SealwrightError {
  return new SealwrightError(
    'MALFORMED_ANSWER',
    `${what} in the database cannot be understood (${field}): it was not written by this version of Sealwright. Submit the run anew.`,
    { field },
  );
}

const isUntrusted = (code: string | undefined): boolean =>
  code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The server's own words, which quote no values of ours; without the dot. */
function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '');
}
