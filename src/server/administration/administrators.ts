import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { SealwrightError } from '../../errors.ts';
import { normalizeAddress } from '../../rights/index.ts';
import { type AdministratorRole, administratorRoles } from '../caller.ts';
import { type ChangingFile, changingFile } from '../identity/changing-file.ts';
import { addressSchema } from '../identity/issuer-settings.ts';

const maxBytes = 1024 * 1024;
const noRoles: ReadonlySet<AdministratorRole> = new Set();

/** Who administers: addresses with their roles. Configuration and file have the same form. */
export const administratorsSchema = z.record(addressSchema, z.array(z.enum(administratorRoles)).max(4));

/** What {@link administratorsSchema} reads. */
export type AdministratorSettings = Readonly<Record<string, readonly AdministratorRole[]>>;

/** One role of one person. */
export interface RoleAssignment {
  readonly email: string;
  readonly role: AdministratorRole;
  /** Stands in the server's configuration, so that it can be changed there only. */
  readonly fixed: boolean;
}

/** Roles as they are now; a new object after each change. */
export interface RoleSnapshot {
  of(email: string): ReadonlySet<AdministratorRole>;
  list(): readonly RoleAssignment[];
}

/** Who administers, and changes of it (spec/server.md, "Administrators"). */
export interface Administrators {
  current(): RoleSnapshot;
  /** What to wait for before `current()` may be relied on; `undefined` if nothing. Never rejects. */
  settle(): Promise<void> | undefined;
  /** Throws `INVALID_ARGUMENT` where there is no file to keep it in. */
  grant(email: string, role: AdministratorRole): Promise<void>;
  /** Throws `INVALID_ARGUMENT` for a role that stands in the configuration, is not held, or is the last owner's. */
  revoke(email: string, role: AdministratorRole): Promise<void>;
}

/**
 * Roles from the configuration, and from a file that the administration may change.
 *
 * @param settings - roles that hold whatever the file says.
 * @throws `INVALID_ARGUMENT`, `IO_FAILED`
 */
export async function openAdministrators(
  settings: AdministratorSettings,
  path?: string,
  options: {
    readonly now?: (() => Date) | undefined;
    readonly onProblem?: ((problem: SealwrightError) => void) | undefined;
  } = {},
): Promise<Administrators> {
  const fixed = checked(settings, 'The administrators of the configuration');
  const fixedOnly = snapshot(fixed, {});
  const file: ChangingFile<RoleSnapshot> | undefined =
    path === undefined
      ? undefined
      : await changingFile(path, {
          ...options,
          maxBytes,
          missing: fixedOnly,
          parse: (text) => snapshot(fixed, parse(text, path)),
        });
  let last: Promise<unknown> = Promise.resolve();

  /** One change after the other, each on what the file says by then. */
  function change(work: (changeable: Map<string, Set<AdministratorRole>>) => void): Promise<void> {
    const done = last.then(async () => {
      if (file === undefined || path === undefined)
        throw invalid(
          'Roles stand in the configuration of this server; name a file for them there to change them here.',
        );
      const now = await file.refresh();
      const roles = new Map<string, Set<AdministratorRole>>();
      for (const { email, role, fixed: kept } of now.list())
        if (!kept) roles.set(email, (roles.get(email) ?? new Set()).add(role));
      work(roles);
      const kept = [...roles].filter(([, held]) => held.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
      await replaceFile(
        path,
        `${JSON.stringify(Object.fromEntries(kept.map(([who, held]) => [who, [...held]])), null, 2)}\n`,
      );
      await file.refresh();
    });
    last = done.catch(() => undefined);
    return done;
  }

  const current = (): RoleSnapshot => file?.current() ?? fixedOnly;
  return {
    current,
    settle: () => file?.settle(),
    grant: (email, role) =>
      change((roles) => {
        const who = normalizeAddress(email);
        roles.set(who, (roles.get(who) ?? new Set()).add(role));
      }),
    revoke: (email, role) =>
      change((roles) => {
        const who = normalizeAddress(email);
        if (fixed[who]?.includes(role))
          throw invalid(`${who} is ${role} by the configuration of this server; change it there.`);
        if (roles.get(who)?.delete(role) !== true) throw invalid(`${who} is not ${role}.`);
        const owners = [...roles.values(), ...Object.values(fixed).map((each) => new Set(each))];
        if (role === 'owner' && !owners.some((held) => held.has('owner')))
          throw invalid('The last owner stays: appoint another one first.');
      }),
  };
}

const invalid = (message: string) => new SealwrightError('INVALID_ARGUMENT', message);

function parse(text: string, path: string): AdministratorSettings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid(`The file of administrators ${path} is not JSON.`);
  }
  return checked(json, `The file of administrators ${path}`);
}

function checked(value: unknown, what: string): AdministratorSettings {
  const read = administratorsSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(`${what} cannot be used: ${issue?.path.join('.')}: ${issue?.message}.`);
}

function snapshot(fixed: AdministratorSettings, changeable: AdministratorSettings): RoleSnapshot {
  const roles = new Map<string, Set<AdministratorRole>>();
  const assignments: RoleAssignment[] = [];
  for (const [source, isFixed] of [
    [fixed, true],
    [changeable, false],
  ] as const)
    for (const [email, held] of Object.entries(source))
      for (const role of new Set(held)) {
        if (!isFixed && fixed[email]?.includes(role) === true) continue;
        roles.set(email, (roles.get(email) ?? new Set()).add(role));
        assignments.push({ email, role, fixed: isFixed });
      }
  return { of: (email) => roles.get(email) ?? noRoles, list: () => assignments };
}

/** Beside, synced, renamed: nobody is ever without roles because a disk was full. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new SealwrightError(
      'IO_FAILED',
      `${path} could not be written. Check its permissions and the disk.`,
      {
        path,
        cause,
      },
    );
  }
}
