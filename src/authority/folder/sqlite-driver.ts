import { SealwrightError } from '../../errors.ts';

/** What can be bound to a parameter or stand in a column here. */
export type SqliteValue = string | number | null;

/** The members of a prepared statement that the store calls. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/** The members of an open database that the store calls. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** An SQLite that answers at once: `node:sqlite`, or a package with its interface. */
export interface SqliteDriver {
  readonly name: string;
  open(path: string): SqliteDatabase;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteDatabase;
}

/**
 * Loads SQLite: the package `@photostructure/sqlite` if it is installed, else the one built into Node 22.13 or newer.
 * The package is preferred because it brings the same SQLite to every Node version; it ships compiled for Linux
 * (glibc and musl), macOS and Windows, so that installing it needs neither a compiler nor a download elsewhere.
 *
 * @throws SealwrightError `SERVICE_UNAVAILABLE` if there is neither.
 */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  let cause: unknown;
  try {
    return driverOf('@photostructure/sqlite', await import('@photostructure/sqlite'));
  } catch (error) {
    cause = error;
  }
  const builtIn = loadBuiltIn();
  if (builtIn !== undefined) return driverOf('node:sqlite', builtIn);
  throw new SealwrightError(
    'SERVICE_UNAVAILABLE',
    'The authority keeps its records in SQLite, and there is none here: run "npm install @photostructure/sqlite" (with -g if sealwright was installed with -g), or use Node 22.13 or newer.',
    { cause },
  );
}

const driverOf = (name: string, { DatabaseSync }: SqliteModule): SqliteDriver => ({
  name,
  open: (path) => new DatabaseSync(path),
});

/** The SQLite of this Node, or `undefined`; its notice that it is experimental is not for the user of a library. */
export function loadBuiltIn(): SqliteModule | undefined {
  const { emitWarning } = process;
  // Loading is synchronous: nobody else can warn while this stands.
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const isNotice = rest.includes('ExperimentalWarning') && String(warning).includes('SQLite');
    if (!isNotice) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite') as SqliteModule | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
