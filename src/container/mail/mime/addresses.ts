import { decodedWords } from './decode-words.ts';
import { unfolded } from './header-block.ts';

/** Somebody in an address field. */
export interface Mailbox {
  /** Encoded words decoded; empty without one. */
  readonly name: string;
  /** As written, quotes included; empty where only a name stands. */
  readonly address: string;
}

/** Several under one name: `Team: a@example.com, b@example.com;`. */
export interface MailboxGroup {
  readonly name: string;
  readonly members: readonly Mailbox[];
}

/** A run without white space: what it says, and how it is written. */
interface Word {
  text: string;
  raw: string;
  /** Has an `@` that is not quoted, so may be an address. */
  at: boolean;
}

/** An encoded word, in which nothing is an address: what it decodes to is a name and no more. */
const encodedWord = /=\?[^?\s]{1,128}\?[QqBb]\?[^?\s]*\?=/y;

/**
 * The mailboxes of an address field, RFC 5322 3.4, read leniently and in one pass: semicolons between addresses, addresses
 * with the name in a comment behind them, routes, and what is never closed. An address within quotes or an encoded word
 * is none: mail does not go there, so nobody may be granted anything by it.
 */
export function parseAddresses(field: string): readonly (Mailbox | MailboxGroup)[] {
  const text = unfolded(field);
  const found: (Mailbox | MailboxGroup)[] = [];
  let group: { readonly name: string; readonly members: Mailbox[] } | undefined;
  let words: Word[] = [];
  let comments: string[] = [];
  let angle: string | undefined;
  /** The next character continues the word. */
  let joined = false;
  let hasAddress = false;

  const write = (part: string, raw: string, at = false): void => {
    const word = joined ? words.at(-1) : undefined;
    if (word === undefined) words.push({ text: part, raw, at });
    else {
      word.text += part;
      word.raw += raw;
      word.at ||= at;
    }
    joined = true;
    hasAddress ||= at;
  };
  const phrase = (): string => decodedWords(words.map((word) => word.text).join(' ')).trim();
  const finish = (): void => {
    let address = angle === undefined ? '' : addressOf(angle);
    if (angle === undefined) {
      const place = words.findLastIndex((word) => word.at && /^[^@].*@.*[^@]$/s.test(word.raw));
      address = words.splice(place, place < 0 ? 0 : 1)[0]?.raw ?? '';
    }
    const name = phrase() || decodedWords(comments.join(' ')).trim();
    if (address !== '' || name !== '') (group?.members ?? found).push({ name, address });
    words = [];
    comments = [];
    angle = undefined;
    joined = false;
    hasAddress = false;
  };

  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (character === '"') {
      const end = quotedEnd(text, at);
      const raw = text.slice(at, end);
      write(raw.slice(1, raw.length > 1 && raw.endsWith('"') ? -1 : undefined).replace(/\\(.)/gs, '$1'), raw);
      at = end;
    } else if (character === '(') {
      const end = commentEnd(text, at);
      comments.push(text.slice(at + 1, text[end - 1] === ')' ? end - 1 : end).replace(/\\(.)/gs, '$1'));
      at = end;
      joined = false;
    } else if (character === '<') {
      const end = angleEnd(text, at);
      angle ??= text.slice(at + 1, end);
      at = end + 1;
      joined = false;
    } else if (character === ',' || character === ';') {
      finish();
      if (character === ';') group = undefined;
      at++;
    } else if (character === ':' && group === undefined && angle === undefined && !hasAddress) {
      group = { name: phrase(), members: [] };
      found.push(group);
      words = [];
      comments = [];
      joined = false;
      at++;
    } else if (/\s/.test(character)) {
      joined = false;
      at++;
    } else {
      encodedWord.lastIndex = at;
      const whole = character === '=' ? (encodedWord.exec(text)?.[0] ?? character) : character;
      write(whole, whole, character === '@');
      at += whole.length;
    }
  }
  finish();
  return found;
}

/** {@link parseAddresses} with the members of groups among the others. */
export const parseMailboxes = (field: string): readonly Mailbox[] =>
  parseAddresses(field).flatMap((each) => ('members' in each ? each.members : [each]));

/** Behind the closing quote, or the end. */
function quotedEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++)
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  return text.length;
}

/** Behind the closing parenthesis, or the end. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++)
    if (text[at] === '\\') at++;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  return text.length;
}

/** At the closing bracket that is not quoted, or the end. */
function angleEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++)
    if (text[at] === '"') at = quotedEnd(text, at) - 1;
    else if (text[at] === '>') return at;
  return text.length;
}

/** What stands in angle brackets, without white space outside of quotes and without the route of RFC 822. */
function addressOf(angle: string): string {
  // A bracket that is part of the name stands in front of the one that counts.
  const inner = angle.slice(angle.lastIndexOf('<') + 1).trim();
  const address = inner.startsWith('@') ? inner.slice(inner.indexOf(':') + 1) : inner;
  return address.includes('"') ? address : address.replace(/\s+/g, '');
}
