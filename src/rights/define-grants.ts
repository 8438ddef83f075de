import { SealwrightError } from '../errors.ts';
import type { Grant, GrantInput } from './grant.ts';
import { findPermissionLevel } from './levels.ts';
import { normalizePrincipal } from './principal.ts';
import { isKnownRight, normalizeRight, quoteBriefly, suggestRight } from './rights.ts';

/** More grants than this in one policy belong into a group. */
const maxGrants = 4096;
const maxRightsPerGrant = 64;

/**
 * Checks and normalizes grants: addresses in lower case, levels expanded, rights in upper case and once each,
 * grants to the same principal merged, in the order in which they were first written.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`, or `LIMIT_EXCEEDED` for more than 4096 grants.
 */
export function defineGrants(inputs: readonly GrantInput[]): readonly Grant[] {
  if (inputs.length > maxGrants)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A policy holds at most ${maxGrants} grants, not ${inputs.length}: grant the rights to a group or a domain.`,
    );
  const merged = new Map<string, Set<string>>();
  for (const input of inputs) {
    const to = normalizePrincipal(input.to);
    const names = expandRights(input.rights, to);
    const held = merged.get(to) ?? new Set<string>();
    for (const name of names) held.add(name);
    merged.set(to, held);
  }
  return Object.freeze(
    [...merged].map(([to, names]) => Object.freeze({ to, rights: Object.freeze([...names]) })),
  );
}

function expandRights(written: readonly string[] | string, to: string): readonly string[] {
  const expanded = typeof written === 'string' ? expandName(written) : written.map(rightOfList);
  if (expanded.length === 0 || expanded.length > maxRightsPerGrant)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The grant to ${to} has ${expanded.length} rights: give 1 to ${maxRightsPerGrant}, or leave the grant out.`,
    );
  return expanded;
}

/** A lone string is a level or a known right; a custom right is only ever taken from a list. */
function expandName(name: string): readonly string[] {
  const level = findPermissionLevel(name);
  if (level !== undefined) return level.rights;
  if (!isKnownRight(name)) throw unknownRight(name);
  return [normalizeRight(name)];
}

function rightOfList(name: string): string {
  if (!isKnownRight(name) && findPermissionLevel(name) !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(name)} is a permission level, not a right: write it alone (rights: '${name.trim()}') or list the rights themselves.`,
    );
  return normalizeRight(name);
}

/** The refusal of a name that is no documented right, with the one most probably meant. */
export function unknownRight(name: string): SealwrightError {
  const suggestion = suggestRight(name);
  const advice =
    suggestion === undefined
      ? 'Use rights such as VIEW, EDIT or PRINT, or a level such as Viewer.'
      : `Did you mean ${suggestion}?`;
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `${quoteBriefly(name)} is not a known right or permission level. ${advice}`,
    { right: name.slice(0, 64) },
  );
}
