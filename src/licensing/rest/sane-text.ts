import { definePolicy } from '../../rights/index.ts';

const longestSentence = 600;
const word = /^[a-z0-9][a-z0-9-]{0,63}$/;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A sentence of a service that may be shown to a person as it is: printable, on one line, not too long. */
export function saneSentence(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  return trimmed === '' || trimmed.length > longestSentence || unprintable.test(trimmed)
    ? undefined
    : trimmed;
}

/** A word that programs compare, such as `token-expired`. */
export const saneWord = (text: unknown): string | undefined =>
  typeof text === 'string' && word.test(text) ? text : undefined;

/** Whom to ask for access: a mail address or a URL that may be shown as a link; nothing else comes through. */
export function saneReferrer(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return undefined;
  try {
    return definePolicy({ grants: [], referrer: text }).referrer;
  } catch {
    return undefined;
  }
}
