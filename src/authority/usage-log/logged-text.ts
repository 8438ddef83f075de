/** Longest text a row of the log takes from a client, in UTF-16 units; the readers of our log take no more than 4096. */
const maxLoggedText = 2048;

/** What a client says of itself or its file, cut where it is too long for the log. */
export const loggedText = (text: string): string =>
  text.length <= maxLoggedText ? text : text.slice(0, maxLoggedText).replace(/[\uD800-\uDBFF]$/, '');
