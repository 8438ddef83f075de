import { z } from 'zod';
import { SealwrightError } from '../../errors.ts';
import { changingFile } from './changing-file.ts';
import type { Directory, DirectoryPerson, DirectorySource } from './directory.ts';
import { addressSchema } from './issuer-settings.ts';

const maxBytes = 64 * 1024 * 1024;
const maxPeople = 500_000;
const maxGroups = 50_000;
const maxMembers = 100_000;
/** Groups through which somebody can be a member of another; a directory with more is a mistake. */
const maxDepth = 32;

const personSchema = z.strictObject({
  email: addressSchema.describe('Primary mail address.'),
  aliases: z.array(addressSchema).max(200).default([]).describe('Further addresses.'),
  signInName: addressSchema
    .optional()
    .describe('The name in tokens (UPN), where it is not an address of theirs.'),
});

const groupSchema = z.strictObject({
  email: addressSchema.describe('Mail address of the group.'),
  ids: z.array(z.string().min(1).max(256)).max(20).default([]).describe('How tokens name the group.'),
  members: z.array(addressSchema).max(maxMembers).default([]).describe('People, and groups within.'),
});

/** A directory as a file of JSON (spec/server.md, "Identity"). */
export const directorySchema = z.strictObject({
  people: z.array(personSchema).max(maxPeople).default([]),
  groups: z.array(groupSchema).max(maxGroups).default([]),
});

/** What {@link directorySchema} reads. */
export type DirectoryContents = z.input<typeof directorySchema>;

/**
 * Reads a directory from a file, and again whenever the file changes. One that became unusable leaves the last good
 * reading in force and is reported to `onProblem`.
 *
 * @throws `FILE_NOT_FOUND`, `IO_FAILED`, `LIMIT_EXCEEDED`, `INVALID_ARGUMENT` for a file that is no directory
 */
export async function openDirectoryFile(
  path: string,
  options: {
    readonly now?: (() => Date) | undefined;
    readonly onProblem?: ((problem: SealwrightError) => void) | undefined;
  } = {},
): Promise<DirectorySource> {
  return changingFile(path, { ...options, maxBytes, parse: (text) => parseDirectory(text, path) });
}

/** Reads a directory from JSON. Throws `INVALID_ARGUMENT`; `name` is the file, for the message. */
export function parseDirectory(text: string, name: string): Directory {
  const unusable = (what: string) =>
    new SealwrightError('INVALID_ARGUMENT', `The directory ${name} cannot be used: ${what}.`, { path: name });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable('it is not JSON');
  }
  const read = directorySchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw unusable(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  return directoryOf(read.data, unusable);
}

function directoryOf(
  { people, groups }: z.output<typeof directorySchema>,
  unusable: (what: string) => SealwrightError,
): Directory {
  const persons = new Map<string, DirectoryPerson>();
  const taken = new Map<string, unknown>();
  const claim = (address: string, by: unknown): void => {
    const other = taken.get(address);
    if (other !== undefined && other !== by) throw unusable(`${address} belongs to two people or groups`);
    taken.set(address, by);
  };
  for (const { email, aliases, signInName } of people) {
    const person = Object.freeze({ email, aliases: Object.freeze(aliases) });
    for (const address of [email, ...aliases, ...(signInName === undefined ? [] : [signInName])]) {
      claim(address, person);
      persons.set(address, person);
    }
  }
  const ids = new Map<string, string>();
  /** The groups that somebody is directly in. */
  const containing = new Map<string, string[]>();
  for (const group of groups) {
    claim(group.email, group);
    for (const id of group.ids) {
      if (ids.has(id)) throw unusable(`the group id ${id} is there twice`);
      ids.set(id, group.email);
    }
    for (const member of group.members) {
      // A person is a member under their primary address too, whichever is written here.
      for (const name of new Set([member, persons.get(member)?.email ?? member])) {
        const known = containing.get(name);
        if (known === undefined) containing.set(name, [group.email]);
        else known.push(group.email);
      }
    }
  }
  return {
    person: (name) => persons.get(name),
    groupById: (id) => ids.get(id),
    groupsOf(addresses) {
      const found = new Set<string>();
      let level = new Set(addresses);
      // Groups within each other end here too: whatever was found before is not looked at again.
      for (let depth = 0; depth < maxDepth && level.size > 0; depth += 1) {
        const next = new Set<string>();
        for (const name of level)
          for (const group of containing.get(name) ?? [])
            if (!found.has(group)) {
              found.add(group);
              next.add(group);
            }
        level = next;
      }
      return found;
    },
  };
}
