import { readFileSync } from 'node:fs';

/** Longest user list that is read; directories of whole organizations are asked, not listed. */
const maxUsersLength = 16 * 1024 * 1024;

let known: ReadonlyMap<number, string> | undefined;

/** User names by number, from the text of a user list in the form of `/etc/passwd`; the first line of a number counts. */
export function parseUsers(text: string): ReadonlyMap<number, string> {
  const users = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , number = ''] = line.split(':', 3);
    if (name === '' || !/^\d{1,10}$/.test(number) || users.has(Number(number))) continue;
    users.set(Number(number), name);
  }
  return users;
}

/**
 * The names under which the owner with this number may stand in a list: the user name, if this machine knows it, and
 * the number. The user list is read once.
 */
export function ownerNames(uid: number): readonly string[] {
  known ??= readUsers();
  const name = known.get(uid);
  return name === undefined ? [String(uid)] : [name, String(uid)];
}

function readUsers(): ReadonlyMap<number, string> {
  try {
    const text = readFileSync('/etc/passwd', 'utf8');
    return text.length > maxUsersLength ? new Map() : parseUsers(text);
  } catch {
    return new Map();
  }
}
