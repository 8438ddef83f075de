import { decodeBase64 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import { printable, withoutLongWords } from '../exchange/printable.ts';
import { parseAnswerDate } from './answer-date.ts';

/** What errors say about the answer that is being read. */
export type AnswerFacts = Pick<ServiceAnswer, 'status' | 'url' | 'requestId'>;

/**
 * Reads the members of one JSON object of an answer. Missing and null are the same, `undefined`; any other type than
 * the one asked for, and everything beyond the bounds, is `MALFORMED_ANSWER` with the path of the field
 * (spec/rest.md, "Reading answers").
 */
export interface AnswerFields {
  /** Text of at most `longest` characters (2048). */
  text(name: string, longest?: number): string | undefined;
  /** Text that must be there and not be empty. */
  requiredText(name: string, longest?: number): string;
  flag(name: string): boolean | undefined;
  number(name: string): number | undefined;
  date(name: string): Date | undefined;
  /** Bytes in standard base64; must be there. */
  requiredBytes(name: string, longest: number): Uint8Array;
  /** A list of texts, none of them empty. */
  texts(name: string): readonly string[] | undefined;
  /** Name-value pairs of text. */
  pairs(name: string): Readonly<Record<string, string>> | undefined;
  object(name: string): AnswerFields | undefined;
  objects(name: string): readonly AnswerFields[] | undefined;
  /** The error for a field whose value has the right type and makes no sense. */
  malformed(name: string, why: string): SealwrightError;
}

const longestText = 2048;
const longestName = 512;
const longestList = 4096;
const longestPairs = 256;
const longestPairText = 64 * 1024;
const base64Text = /^[A-Za-z0-9+/]*={0,2}$/;

/** The members of `json`, an answer or a part of it at `path`. Throws `MALFORMED_ANSWER` if it is no object. */
export function answerFields(json: unknown, answer: AnswerFacts, path = ''): AnswerFields {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw malformedAnswer(answer, path, `is ${kindOf(json)} where an object is needed`);
  const members = json as Readonly<Record<string, unknown>>;
  const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const valueAt = (name: string): unknown =>
    Object.hasOwn(members, name) ? (members[name] ?? undefined) : undefined;
  const wrong = (name: string, wanted: string): SealwrightError =>
    malformedAnswer(answer, pathOf(name), `is ${kindOf(valueAt(name))} where ${wanted} is needed`);

  function listOf(name: string): readonly unknown[] | undefined {
    const value = valueAt(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrong(name, 'a list');
    if (value.length > longestList)
      throw malformedAnswer(
        answer,
        pathOf(name),
        `has ${value.length} entries; at most ${longestList} are read`,
      );
    return value;
  }
  const bounded = (value: string, at: string, longest: number): string => {
    if (value.length <= longest) return value;
    throw malformedAnswer(answer, at, `has ${value.length} characters; at most ${longest} are read`);
  };

  const fields: AnswerFields = {
    text(name, longest = longestText) {
      const value = valueAt(name);
      if (value === undefined) return undefined;
      if (typeof value !== 'string') throw wrong(name, 'text');
      return bounded(value, pathOf(name), longest);
    },
    requiredText(name, longest) {
      const value = fields.text(name, longest);
      if (value === undefined || value.trim() === '')
        throw malformedAnswer(answer, pathOf(name), 'is missing');
      return value;
    },
    flag(name) {
      const value = valueAt(name);
      if (value !== undefined && typeof value !== 'boolean') throw wrong(name, 'true or false');
      return value;
    },
    number(name) {
      const value = valueAt(name);
      if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value)))
        throw wrong(name, 'a number');
      return value as number | undefined;
    },
    date(name) {
      const text = fields.text(name, 64);
      if (text === undefined) return undefined;
      const date = parseAnswerDate(text);
      if (date === undefined) throw malformedAnswer(answer, pathOf(name), 'is no date in ISO 8601');
      return date;
    },
    requiredBytes(name, longest) {
      const text = fields.requiredText(name, Math.ceil(longest / 3) * 4).trim();
      const bytes = base64Text.test(text) ? decodeBase64(text) : undefined;
      if (bytes === undefined || bytes.length === 0 || bytes.length > longest)
        throw malformedAnswer(answer, pathOf(name), 'is not base64');
      return bytes;
    },
    texts: (name) =>
      listOf(name)?.map((entry, index) => {
        const at = `${pathOf(name)}[${index}]`;
        if (typeof entry !== 'string')
          throw malformedAnswer(answer, at, `is ${kindOf(entry)} where text is needed`);
        if (entry.trim() === '') throw malformedAnswer(answer, at, 'is empty');
        return bounded(entry, at, longestName);
      }),
    pairs(name) {
      const value = valueAt(name);
      if (value === undefined) return undefined;
      if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name, 'an object');
      const entries = Object.entries(value as object);
      if (entries.length > longestPairs)
        throw malformedAnswer(
          answer,
          pathOf(name),
          `has ${entries.length} entries; at most ${longestPairs} are read`,
        );
      for (const [key, text] of entries) {
        const at = `${pathOf(name)}.${withoutLongWords(printable(key, 64))}`;
        if (typeof text !== 'string')
          throw malformedAnswer(answer, at, `is ${kindOf(text)} where text is needed`);
        bounded(key, at, longestName);
        bounded(text, at, longestPairText);
      }
      return Object.freeze(Object.fromEntries(entries)) as Readonly<Record<string, string>>;
    },
    object(name) {
      const value = valueAt(name);
      return value === undefined ? undefined : answerFields(value, answer, pathOf(name));
    },
    objects: (name) =>
      listOf(name)?.map((entry, index) => answerFields(entry, answer, `${pathOf(name)}[${index}]`)),
    malformed: (name, why) => malformedAnswer(answer, pathOf(name), why),
  };
  return fields;
}

/** The objects of an answer that is a list. */
export function answerList(json: unknown, answer: AnswerFacts): readonly AnswerFields[] {
  // A list has no name of its own: its entries are [0], [1], …
  if (!Array.isArray(json)) throw malformedAnswer(answer, '', `is ${kindOf(json)} where a list is needed`);
  if (json.length > longestList)
    throw malformedAnswer(answer, '', `has ${json.length} entries; at most ${longestList} are read`);
  return json.map((entry, index) => answerFields(entry, answer, `[${index}]`));
}

/** The error for an answer that cannot be understood, at `field`. */
export function malformedAnswer(
  answer: AnswerFacts,
  field: string,
  why: string,
  cause?: unknown,
): SealwrightError {
  const subject = field === '' ? 'The answer' : `The field ${field} of the answer`;
  return new SealwrightError(
    'MALFORMED_ANSWER',
    `${subject} of ${answer.url.host} cannot be understood: it ${why}. Try again; if it stays so, ask who runs the service (request ${answer.requestId}).`,
    { field, status: answer.status, host: answer.url.host, requestId: answer.requestId, cause },
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
