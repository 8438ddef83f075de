import { normalizeAddress } from '../../rights/index.ts';
import { invalidRequest } from './protocol-error.ts';

/** Somebody who typed a mail address. Nothing was checked. */
export interface SignedIn {
  readonly email: string;
  readonly groups: readonly string[];
}

const maxGroups = 50;

/** Reads what somebody typed. Throws {@link ProtocolError}. */
export function signedIn(email: string, groups: string): SignedIn {
  const names = groups.split(/[\s,;]+/).filter((name) => name !== '');
  if (names.length > maxGroups) throw invalidRequest(`At most ${maxGroups} groups.`);
  return { email: address(email), groups: names.map(address) };
}

function address(text: string): string {
  try {
    return normalizeAddress(text);
  } catch {
    throw invalidRequest('Not a mail address: write one such as bob@contoso.com.');
  }
}
