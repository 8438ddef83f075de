const longWord = /[\p{L}\p{N}+/=._~-]{40,}/gu;

/** Text from outside, fit for a message: on one line, without control characters, not longer than `longest`. */
export function printable(text: string, longest: number): string {
  const line = text
    .slice(0, longest + 1)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Text from a service without words as long as a token: it may repeat what it was sent. */
export const withoutLongWords = (text: string): string => text.replace(longWord, '…');

/**
 * What a service says about a refusal, fit for a message, without words as long as a token. `secret` is left out however short it is.
 */
export const printableSentence = (text: unknown, secret?: string): string | undefined => {
  if (typeof text !== 'string') return undefined;
  const unsecret = secret ? text.replaceAll(secret, '…') : text;
  const sentence = printable(withoutLongWords(unsecret.slice(0, 2000)), 300);
  return sentence === '' ? undefined : sentence;
};

/** A word that programs compare, such as `token-expired`; `undefined` for anything else. */
export const comparableWord = (text: unknown): string | undefined =>
  typeof text === 'string' && /^[a-z0-9][a-z0-9_-]{0,39}$/i.test(text) ? text : undefined;
