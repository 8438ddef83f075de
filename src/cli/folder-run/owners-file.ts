import { readSmallFile } from '../read-file.ts';
import { usageError } from '../usage-error.ts';

const mostBytes = 16 * 1024 * 1024;

/**
 * Reads whose mail address belongs to which user of the file system: a JSON object with the address under the user's name
 * or number.
 */
export async function readOwnersFile(path: string): Promise<Readonly<Record<string, string>>> {
  const bytes = await readSmallFile(path, mostBytes);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw notOwners(path, 'is no JSON in UTF-8');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notOwners(path, 'holds no object');
  }
  const owners = Object.create(null) as Record<string, string>;
  for (const [user, address] of Object.entries(value)) {
    if (typeof address !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(address)) {
      throw notOwners(path, `has no e-mail address for "${user}"`);
    }
    owners[user] = address;
  }
  if (Object.keys(owners).length === 0) throw notOwners(path, 'names nobody');
  return owners;
}

const notOwners = (path: string, what: string) =>
  usageError(
    `${path} ${what}: --owners takes a JSON file such as {"alice": "alice@contoso.com", "1001": "bob@contoso.com"}.`,
  );
