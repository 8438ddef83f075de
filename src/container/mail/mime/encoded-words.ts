import { encodeBase64, encodeUtf8 } from '../../../bytes/index.ts';
import { parseAddresses } from './addresses.ts';
import { unfolded } from './header-block.ts';

/** Bytes of text in one encoded word; with what is around them they stay below the 75 characters of RFC 2047 2. */
const bytesOfWord = 45;

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * Text as a field may hold it: as it is where it is ASCII and could not be taken for an encoded word, else in encoded
 * words of UTF-8, RFC 2047.
 */
export function encodedText(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, ' ');
  if (isPlain(clean) && !clean.includes('=?')) return clean;
  const words: string[] = [];
  let [word, bytes] = ['', 0];
  for (const character of clean) {
    const length = encodeUtf8(character).length;
    if (bytes + length > bytesOfWord) {
      words.push(word);
      [word, bytes] = ['', 0];
    }
    word += character;
    bytes += length;
  }
  words.push(word);
  return words.map((each) => `=?utf-8?B?${encodeBase64(encodeUtf8(each))}?=`).join('\r\n ');
}

/** A mailbox as an address field holds it: `"Bunny, Bugs" <bugs@acme.com>`; without an address, its name. */
export function mailboxText(name: string | undefined, address: string): string {
  const clean = addressText(address);
  if (name === undefined || name === '' || name === address) return clean;
  return clean === '' ? phraseText(name) : `${phraseText(name)} <${clean}>`;
}

const quotedAddress = /^"(?:[^"\\\p{Cc}]|\\[\x20-\x7e])*"@[^\s\p{Cc}<>,;"()]+$/u;

/** An address without anything that would end it, or begin another one. */
const addressText = (address: string): string =>
  quotedAddress.test(address) ? address : address.replace(/[\p{Cc}\s<>,;"()]+/gu, '');

/** A name in front of an address or a group. */
function phraseText(name: string): string {
  const text = encodedText(name);
  if (text.startsWith('=?')) return text;
  return /^[\w!#$%&'*+\-/=?^`{|}~ ]+$/.test(text) ? text.trim() : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const addressFields = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'disposition-notification-to',
]);

/**
 * A field as it is written: folds with the line breaks of mail, nothing but ASCII, nothing that would begin another field.
 * An ASCII value stays as it is. The line break behind it is included; a name that no field can have gives nothing.
 */
export function fieldLine(name: string, value: string): string {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name)) return '';
  // A line of white space alone would end the header for some readers.
  const folded = value
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .map((line, index) => (index === 0 || /^[ \t]/.test(line) ? line : ` ${line}`))
    .join('\r\n');
  if (/^[\x20-\x7e\t\r\n]*$/.test(folded)) return `${name}: ${foldedAt(folded, name.length + 2)}\r\n`;
  const text = unfolded(folded);
  return `${name}: ${addressFields.has(name.toLowerCase()) ? addressList(text) : encodedText(text)}\r\n`;
}

/** Characters of a line, RFC 5322 2.1.1; at this length lines are folded where they may be. */
const longestLine = 990;

function foldedAt(value: string, column: number): string {
  if (value.length + column <= longestLine) return value;
  let room = longestLine - column;
  return value
    .split('\r\n')
    .map((line) => {
      let [rest, text] = [line, ''];
      while (rest.length > room) {
        const at = rest.lastIndexOf(' ', room);
        if (at <= 0 || rest.slice(0, at).trim() === '') break;
        text += `${rest.slice(0, at)}\r\n`;
        rest = rest.slice(at);
        room = longestLine;
      }
      room = longestLine;
      return text + rest;
    })
    .join('\r\n');
}

const addressList = (field: string): string =>
  parseAddresses(field)
    .map((each) =>
      'members' in each
        ? `${phraseText(each.name)}: ${each.members.map((one) => mailboxText(one.name, one.address)).join(', ')};`
        : mailboxText(each.name, each.address),
    )
    .join(',\r\n ');
