import { SealwrightError } from '../errors.ts';
import { defineGrants } from './define-grants.ts';
import { normalizeGuid, type RandomBytes, randomGuid } from './guid.ts';
import { checkMinute, checkNames, checkOfflineDays, checkReferrer } from './policy-fields.ts';
import { normalizePrincipal, principalKind } from './principal.ts';
import type { ContentExpiration, Template, TemplateInput } from './template.ts';

const maxScope = 1024;
const maxExpirationDays = 9999;

/**
 * Checks and normalizes a template (spec/rights.md, "Templates"). Published unless stated otherwise, with a random id
 * unless one is given.
 *
 * @param now - becomes the template's time of change.
 * @param randomBytes - where a new id comes from; the runtime's generator by default.
 * @throws SealwrightError `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`
 * @example
 * ```ts
 * const template = defineTemplate(
 *   {
 *     names: [{ lcid: 1033, name: 'Staff only', description: 'Everyone of Contoso may read' }],
 *     grants: [{ to: 'contoso.com', rights: 'Viewer' }],
 *     expiration: { kind: 'after', days: 30 },
 *   },
 *   new Date(),
 * );
 * ```
 */
export function defineTemplate(input: TemplateInput, now: Date, randomBytes?: RandomBytes): Template {
  const names = checkNames(input.names);
  if (names.length === 0)
    throw new SealwrightError('INVALID_ARGUMENT', 'A template needs a name in at least one language.');
  const grants = defineGrants(input.grants);
  if (grants.length === 0)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A template needs at least one grant: without one, nobody but owner and issuer could open its content.',
    );
  const state = input.state ?? 'published';
  if (state !== 'published' && state !== 'archived')
    throw new SealwrightError('INVALID_ARGUMENT', 'The state of a template is published or archived.');
  return Object.freeze({
    id: input.id === undefined ? randomGuid(randomBytes) : normalizeGuid(input.id, 'template id'),
    names,
    grants,
    expiration: checkExpiration(input.expiration ?? { kind: 'never' }),
    offlineDays: checkOfflineDays(input.offlineDays ?? -1),
    referrer: input.referrer === undefined ? undefined : checkReferrer(input.referrer),
    state,
    scope: checkScope(input.scope ?? []),
    updatedAt: new Date(now),
  });
}

function checkExpiration(expiration: ContentExpiration): ContentExpiration {
  switch (expiration.kind) {
    case 'never':
      return Object.freeze({ kind: 'never' });
    case 'on':
      return Object.freeze({ kind: 'on', date: checkMinute(expiration.date, 'expiration date', 'down') });
    case 'after':
      if (!Number.isInteger(expiration.days) || expiration.days < 1 || expiration.days > maxExpirationDays)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          `${expiration.days} is not a number of days after which content can expire: use 1 to ${maxExpirationDays}.`,
        );
      return Object.freeze({ kind: 'after', days: expiration.days });
    default:
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The expiration of a template is never, on a date, or after days.',
      );
  }
}

function checkScope(scope: readonly string[]): readonly string[] {
  if (scope.length > maxScope)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The scope of a template names at most ${maxScope} users, groups or domains.`,
    );
  const principals = scope.map((each) => {
    const kind = principalKind(each);
    if (kind !== 'address' && kind !== 'domain')
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The scope of a template names users, groups or domains; leave it empty to offer the template to everyone.',
      );
    return normalizePrincipal(each);
  });
  return Object.freeze([...new Set(principals)]);
}
