import { parseGrant } from '../rights/index.ts';

/**
 * Reads the rights of `--require` with the rules of `--grant`, so that a mistyped one is caught and not
 * taken for a right that nobody has.
 */
export function requiredRights(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).flatMap((text) => parseGrant(`AuthenticatedUsers=${text}`).rights);
}
