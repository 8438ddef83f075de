import { definePolicy } from '../../rights/index.ts';
import { withoutLongWords } from '../exchange/printable.ts';

const longestSentence = 600;
const word = /^[a-z0-9][a-z0-9-]{0,39}$/;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * A sentence of a service that may be shown to a person: printable, on one line, not too long. Words as long as a
 * token are left out, for a service may repeat what it was sent.
 */
export function saneSentence(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > longestSentence || unprintable.test(trimmed)) return undefined;
  return withoutLongWords(trimmed);
}

/** Whether a name or an address can be shown and kept as it is. */
export const isPrintable = (text: string): boolean => !unprintable.test(text);

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
