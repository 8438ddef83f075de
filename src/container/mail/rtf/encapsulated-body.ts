import { maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { decodeMailText } from '../code-pages.ts';
import { type RtfToken, rtfTokens } from './rtf-tokens.ts';

/** A body that RTF was made from, and from which it can be had again. */
export interface EncapsulatedBody {
  readonly kind: 'html' | 'plain';
  readonly text: string;
}

/** Tokens among which the mark of an encapsulated body stands, [MS-OXRTFEX] 2.1.1. */
const tokensOfHeader = 10;
const deepestGroup = 1000;

/** What words and symbols stand for outside of tags. */
const characters: Readonly<Record<string, string>> = {
  par: '\r\n',
  line: '\r\n',
  tab: '\t',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  bullet: '\u2022',
  endash: '\u2013',
  emdash: '\u2014',
  '{': '{',
  '}': '}',
  '\\': '\\',
  '~': '\u00a0',
  _: '\u00ad',
};

/** The same in HTML, where some have names. */
const htmlCharacters: Readonly<Record<string, string>> = {
  ...characters,
  lquote: '&lsquo;',
  rquote: '&rsquo;',
  ldblquote: '&ldquo;',
  rdblquote: '&rdquo;',
  bullet: '&bull;',
  endash: '&ndash;',
  emdash: '&mdash;',
  '~': '&nbsp;',
  _: '&shy;',
};

/** Groups that hold no text. */
const silentGroups: ReadonlySet<string> = new Set([
  'fonttbl',
  'colortbl',
  'stylesheet',
  'info',
  'pict',
  'object',
  'header',
  'footer',
  'pntext',
  'filetbl',
  'listtable',
  'listoverridetable',
  'revtbl',
]);

/** Code pages of the character sets that fonts state. */
const codePageOfCharset: Readonly<Record<number, number>> = {
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

/** What holds within a group and ends with it. */
interface Group {
  readonly place: 'text' | 'tag' | 'silent' | 'fonts';
  /** Within `\htmlrtf`, which is for those who show the RTF. */
  readonly hidden: boolean;
  readonly font: number;
  /** How many bytes stand behind a character by number, for those who do not know it. */
  readonly substitutes: number;
}

/** Whether RTF was made from HTML or from plain text; `undefined` for RTF in its own right. */
export function encapsulatedKind(rtf: Uint8Array): 'html' | 'plain' | undefined {
  let count = 0;
  for (const token of rtfTokens(rtf)) {
    if (token.kind === 'word' && token.word === 'fromhtml' && token.number !== 0) return 'html';
    if (token.kind === 'word' && token.word === 'fromtext') return 'plain';
    if (++count >= tokensOfHeader) break;
  }
  return undefined;
}

/**
 * The HTML or plain text that RTF encapsulates (spec/mail.md, "RTF").
 *
 * @param rtf as `decompressRtf` gives it
 * @returns the body as it was made; `undefined` for RTF that was made from nothing else
 * @throws SealwrightError `LIMIT_EXCEEDED` for a body of more than `maxima.mailBodyBytes` characters
 *
 * @example
 * ```ts
 * const body = encapsulatedBody(decompressRtf(bytes));
 * if (body?.kind === 'html') console.log(body.text);
 * ```
 */
export function encapsulatedBody(rtf: Uint8Array): EncapsulatedBody | undefined {
  const kind = encapsulatedKind(rtf);
  if (kind === undefined) return undefined;
  const writer = bodyWriter(kind === 'html' ? htmlCharacters : characters);
  for (const token of rtfTokens(rtf)) writer.take(token);
  return Object.freeze({ kind, text: writer.end() });
}

function bodyWriter(spelled: Readonly<Record<string, string>>) {
  const parts: string[] = [];
  let length = 0;
  let group: Group = { place: 'text', hidden: false, font: -1, substitutes: 1 };
  const outer: Group[] = [];
  /** Groups within more than there may be; nothing of them is kept. */
  let tooDeep = 0;
  let starred = false;
  let toSkip = 0;
  let ansiCodePage = 1252;
  let defaultFont = 0;
  let fontInTable = 0;
  const codePageOfFont = new Map<number, number>();
  let bytes: number[] = [];

  const add = (text: string): void => {
    length += text.length;
    if (length > maxima.mailBodyBytes)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The RTF body of the message holds more than ${maxima.mailBodyBytes} characters.`,
      );
    parts.push(text);
  };
  const flush = (): void => {
    if (bytes.length === 0) return;
    const font = group.font < 0 ? defaultFont : group.font;
    // Tags are in the code page of the document, whatever font stands around them.
    const codePage = group.place === 'tag' ? ansiCodePage : (codePageOfFont.get(font) ?? ansiCodePage);
    add(decodeMailText(Uint8Array.from(bytes), codePage));
    bytes = [];
  };
  const shown = (): boolean => group.place === 'tag' || (group.place === 'text' && !group.hidden);
  const change = (changes: Partial<Group>): void => {
    flush();
    group = { ...group, ...changes };
  };

  const takeWord = (word: string, number: number | undefined): void => {
    if (starred && outer.length > 0) {
      starred = false;
      change({ place: word === 'htmltag' && shown() ? 'tag' : 'silent' });
      return;
    }
    const spelling = Object.hasOwn(spelled, word) ? spelled[word] : undefined;
    if (spelling !== undefined) {
      if (shown() && !skipped()) {
        flush();
        add(group.place === 'tag' && word.length > 1 ? (characters[word] as string) : spelling);
      }
    } else if (word === 'fonttbl') change({ place: 'fonts' });
    else if (silentGroups.has(word)) change({ place: 'silent' });
    else if (word === 'htmlrtf') change({ hidden: number !== 0 });
    else if (word === 'ansicpg' && number !== undefined && number > 0) ansiCodePage = number;
    else if (word === 'deff' && number !== undefined) defaultFont = number;
    else if (word === 'f' && number !== undefined) {
      fontInTable = number;
      if (group.place !== 'fonts') change({ font: number });
    } else if (word === 'fcharset' && group.place === 'fonts' && codePageOfFont.size < 4096) {
      const codePage = codePageOfCharset[number ?? 0];
      if (codePage !== undefined) codePageOfFont.set(fontInTable, codePage);
    } else if (
      word === 'cpg' &&
      group.place === 'fonts' &&
      number !== undefined &&
      codePageOfFont.size < 4096
    )
      codePageOfFont.set(fontInTable, number);
    else if (word === 'plain') change({ font: -1 });
    else if (word === 'uc' && number !== undefined)
      change({ substitutes: Math.min(Math.max(number, 0), 16) });
    else if (word === 'u' && number !== undefined && shown()) {
      flush();
      add(String.fromCharCode(number & 0xffff));
      toSkip = group.substitutes;
    }
  };
  const skipped = (): boolean => {
    if (toSkip === 0) return false;
    toSkip--;
    return true;
  };

  return {
    take(token: RtfToken): void {
      if (token.kind === 'open') {
        starred = false;
        toSkip = 0;
        if (outer.length >= deepestGroup) {
          tooDeep++;
          return;
        }
        flush();
        outer.push(group);
        return;
      }
      if (token.kind === 'close') {
        starred = false;
        toSkip = 0;
        if (tooDeep > 0) {
          tooDeep--;
          return;
        }
        flush();
        group = outer.pop() ?? group;
        return;
      }
      if (tooDeep > 0) return;
      if (token.kind === 'word') takeWord(token.word, token.number);
      else if (token.kind === 'symbol') {
        if (token.symbol === '*') starred = true;
        else takeWord(token.symbol, undefined);
      } else if (shown() && !skipped()) bytes.push(token.byte);
    },
    end(): string {
      flush();
      return parts.join('');
    },
  };
}
