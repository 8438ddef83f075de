import { concatBytes, encodeUtf8 } from '../../../bytes/index.ts';
import { decodedWords, textOfCharset, withoutEscapes } from './decode-words.ts';
import { unfolded } from './header-block.ts';
import { mimeLimits } from './limits.ts';

/** A value with parameters: `attachment; filename="a.txt"`. Names are in lower case. */
export interface StructuredField {
  /** In lower case, without comments: `text/plain`. */
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** What Content-Type says. */
export interface ContentType extends StructuredField {
  /** Of a multipart: its boundary. A multipart without a usable one is read as a file. */
  readonly boundary: string | undefined;
  /** As written, if there is one. */
  readonly charset: string | undefined;
}

/**
 * Reads a value with parameters, RFC 2045 5.1: quoted strings, comments, continued and encoded parameters of RFC 2231,
 * and encoded words, which are not allowed in parameters and often used.
 */
export function parseStructuredField(text: string): StructuredField {
  const pieces = splitAtSemicolons(unfolded(text));
  const value = (pieces[0] ?? '').trim().toLowerCase();
  const plain = new Map<string, string>();
  for (const piece of pieces.slice(1)) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (name !== '' && !plain.has(name)) plain.set(name, unquoted(piece.slice(equals + 1).trim()));
  }
  return { value, parameters: joinedParameters(plain) };
}

/** @param inherited what a part without the field is: `text/plain`, in a digest `message/rfc822` */
export function parseContentType(text: string | undefined, inherited: string): ContentType {
  const parsed = text === undefined ? undefined : parseStructuredField(text);
  const value = parsed?.value ?? '';
  const usable = value.length <= mimeLimits.tokenCharacters && /^[^\s/;]+\/[^\s/;]+$/.test(value);
  const parameters = parsed?.parameters ?? new Map<string, string>();
  const boundary = value.startsWith('multipart/') ? parameters.get('boundary')?.trimEnd() : undefined;
  return {
    value: usable ? value : text === undefined ? inherited : 'text/plain',
    parameters,
    boundary:
      usable && boundary !== undefined && boundary !== '' && boundary.length <= mimeLimits.boundaryCharacters
        ? boundary
        : undefined,
    charset: parameters.get('charset'),
  };
}

/** Cuts at the semicolons that stand in neither a quoted string nor a comment, and leaves comments out. */
function splitAtSemicolons(text: string): string[] {
  const pieces: string[] = [];
  let [piece, quoted, depth] = ['', false, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\' && (quoted || depth > 0)) {
      if (depth === 0) piece += character + (text[at + 1] ?? '');
      at++;
    } else if (quoted) {
      quoted = character !== '"';
      piece += character;
    } else if (character === '(') depth++;
    else if (depth > 0) depth -= character === ')' ? 1 : 0;
    else if (character === ';') {
      pieces.push(piece);
      piece = '';
    } else {
      quoted = character === '"';
      piece += character;
    }
  }
  pieces.push(piece);
  return pieces;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.endsWith('"') && text.length > 1 ? -1 : text.length;
  return text.slice(1, end).replace(/\\(.)/gs, '$1');
}

/** A piece of a parameter that is written in several. */
interface Piece {
  readonly text: string;
  readonly encoded: boolean;
}

/** Puts `name*0*`, `name*1`, … together and decodes them; a parameter in that form wins over one without. */
function joinedParameters(plain: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  const extended = new Map<string, Map<number, Piece>>();
  for (const [name, value] of plain) {
    const match = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
    if (match === null) joined.set(name, decodedWords(value));
    else {
      const [, base, index, star] = match;
      const pieces = extended.get(base as string) ?? new Map<number, Piece>();
      pieces.set(Number(index ?? 0), { text: value, encoded: index === undefined || star !== undefined });
      extended.set(base as string, pieces);
    }
  }
  for (const [name, pieces] of extended) {
    const text = decodedPieces(pieces);
    if (text !== undefined) joined.set(name, text);
  }
  return joined;
}

/** From piece 0 up to the first that is missing, RFC 2231 3. Pieces that are not encoded are text whatever the charset. */
function decodedPieces(pieces: ReadonlyMap<number, Piece>): string | undefined {
  const first = pieces.get(0);
  if (first === undefined) return undefined;
  const prefix = first.encoded ? /^([^']*)'[^']*'/.exec(first.text) : null;
  const charset = prefix?.[1] || 'utf-8';
  let text = '';
  // A character may be cut in two by the end of a piece.
  let encoded: Uint8Array[] = [];
  const flush = (): void => {
    text += textOfCharset(concatBytes(encoded), charset);
    encoded = [];
  };
  for (let index = 0, piece: Piece | undefined = first; piece !== undefined; piece = pieces.get(++index)) {
    const own = index === 0 ? piece.text.slice(prefix?.[0].length ?? 0) : piece.text;
    if (piece.encoded) encoded.push(withoutEscapes(encodeUtf8(own), 0x25));
    else {
      flush();
      text += own;
    }
  }
  flush();
  return text;
}
