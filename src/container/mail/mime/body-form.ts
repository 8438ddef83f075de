import type { TransferEncoding } from './mime-part.ts';

/** How an encoded body is laid out in lines, as far as writing it again needs to know. */
export interface BodyForm {
  readonly encoding: TransferEncoding;
  /** Characters of a line of base64; 0 for all on one line. */
  readonly lineLength: number;
  readonly lineBreak: 'crlf' | 'lf';
}

/** What mail is written in where nothing else was asked for. */
export const defaultForm = (encoding: TransferEncoding): BodyForm => ({
  encoding,
  lineLength: 76,
  lineBreak: 'crlf',
});

/** Longest line of base64 that is written again; longer ones become 76. */
export const longestBase64Line = 0xffff;

/** Looks at an encoded body in windows of any length. */
export interface FormSurvey {
  see(bytes: Uint8Array): void;
  readonly form: BodyForm;
  /** Offset behind the last byte that is no line break; what follows is line breaks only. */
  readonly contentEnd: number;
}

const [lineFeed, carriageReturn] = [10, 13];

/** Finds the length of the first line and the kind of line break, and where trailing line breaks begin. */
export function surveyForm(encoding: TransferEncoding): FormSurvey {
  let [offset, contentEnd] = [0, 0];
  let [lineLength, found] = [0, false];
  let lineBreak: BodyForm['lineBreak'] = 'crlf';
  return {
    see(bytes) {
      if (!found) {
        const end = bytes.indexOf(lineFeed);
        const before = end < 0 ? bytes.length : end;
        lineLength += before;
        if (end >= 0) {
          found = true;
          const cr = end > 0 && bytes[end - 1] === carriageReturn;
          if (cr) lineLength--;
          lineBreak = cr ? 'crlf' : 'lf';
        }
      }
      let last = bytes.length;
      while (last > 0 && (bytes[last - 1] === lineFeed || bytes[last - 1] === carriageReturn)) last--;
      if (last > 0) contentEnd = offset + last;
      offset += bytes.length;
    },
    get contentEnd() {
      return contentEnd;
    },
    get form() {
      const usable = lineLength > 0 && lineLength <= longestBase64Line && lineLength % 4 === 0;
      // Without a line break there is one line; where it is the only one, all of it stood there.
      const oneLine = !found || contentEnd <= lineLength;
      return {
        encoding,
        lineLength: oneLine ? (contentEnd <= 76 ? 76 : 0) : usable ? lineLength : 76,
        lineBreak,
      };
    },
  };
}
