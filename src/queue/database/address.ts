import { SealwrightError } from '../../errors.ts';

/** Where a database is, as people type it. */
export interface DatabaseAddress {
  /** What the driver gets. May hold a password. */
  readonly url: string;
  /** Host and database, for messages. */
  readonly label: string;
  readonly hasPassword: boolean;
}

/**
 * Reads the address of a database: `postgres://user@host:port/database?sslmode=verify-full`. The address itself is in
 * no message: it may hold a password.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`
 */
export function parseDatabaseAddress(text: string): DatabaseAddress {
  const url = parsed(text);
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol) || text.length > 4096) {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The address of the database is not one: write it as postgres://user@host:5432/database (special characters in a password as %XX).',
    );
  }
  const socket = url.searchParams.get('host');
  const host = url.hostname === '' ? (socket ?? 'localhost') : url.hostname;
  const port = url.port === '' ? '' : `:${url.port}`;
  const name = printableName(url.pathname.slice(1) || url.username || 'postgres');
  return {
    url: text,
    label: `${name} on ${host}${port}`,
    hasPassword: url.password !== '' || url.searchParams.has('password'),
  };
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // A socket is named without a host, which is no URL by the standard.
    try {
      return /^postgres(ql)?:\/\/[^/?#@]*@\//.test(text)
        ? new URL(text.replace('@/', '@localhost/'))
        : undefined;
    } catch {
      return undefined;
    }
  }
}

function printableName(name: string): string {
  try {
    return decodeURIComponent(name)
      .replaceAll(/[^\w.-]/g, '?')
      .slice(0, 63);
  } catch {
    return '?';
  }
}
