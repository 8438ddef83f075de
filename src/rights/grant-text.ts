import { SealwrightError } from '../errors.ts';
import { defineGrants, unknownRight } from './define-grants.ts';
import type { Grant } from './grant.ts';
import { findPermissionLevel } from './levels.ts';
import { isKnownRight, quoteBriefly } from './rights.ts';

const customPrefix = /^custom:/i;

/**
 * A grant written as text: `WHO=RIGHT,RIGHT` or `WHO=LEVEL`. A name that is neither a known right nor a level is
 * refused with the one most probably meant; a right of an application's own is written `custom:NAME`.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`
 * @example
 * ```ts
 * parseGrant('bob@contoso.com=VIEW,PRINT'); // { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }
 * parseGrant('contoso.com=Reviewer');
 * parseGrant('contoso.com=VIEW,custom:APPROVE');
 * ```
 */
export function parseGrant(text: string): Grant {
  // A mail address may contain "=", a right may not: the last one separates.
  const at = text.lastIndexOf('=');
  const names = text
    .slice(at + 1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (at <= 0 || names.length === 0)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(text)} is not a grant: write WHO=RIGHTS, for example bob@contoso.com=VIEW,PRINT or contoso.com=Reviewer.`,
    );
  const to = text.slice(0, at);
  return defineGrants(names.map((name) => ({ to, rights: readName(name) })))[0]!;
}

function readName(name: string): readonly string[] | string {
  if (customPrefix.test(name)) return [name.replace(customPrefix, '')];
  if (findPermissionLevel(name) === undefined && !isKnownRight(name)) throw unknownRight(name);
  return name;
}
