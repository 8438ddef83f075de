import { isUtf8 } from 'node:buffer';
import { SealwrightError } from '../../errors.ts';

/**
 * The body as bytes, read once and never beyond `most`. Where its length is stated, the runtime's fast way is taken: it
 * cannot give more than was stated.
 */
export async function readBody(request: Request, most: number): Promise<Buffer> {
  const stated = request.headers.get('content-length');
  if (stated !== null) {
    const length = Number(stated);
    if (!/^\d{1,15}$/.test(stated) || length > most) throw tooLong(most);
    const bytes = Buffer.from(await received(request.arrayBuffer()));
    if (bytes.length > most) throw tooLong(most);
    return bytes;
  }
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await received(reader.read());
    if (done) return Buffer.concat(pieces, length);
    length += value.length;
    if (length > most) {
      void reader.cancel().catch(() => undefined);
      throw tooLong(most);
    }
    pieces.push(value);
  }
}

/** The body as JSON. Throws `INVALID_ARGUMENT` for anything else. */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const type = request.headers.get('content-type');
  if (type !== null && !/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The body is not JSON: expected the type application/json.',
      {
        status: 415,
      },
    );
  const bytes = await readBody(request, most);
  if (!isUtf8(bytes)) throw notJson();
  const start = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  try {
    return JSON.parse(bytes.toString('utf8', start));
  } catch {
    // The parser's own message quotes the text.
    throw notJson();
  }
}

/** A client that goes away in the middle is no defect of ours; nobody is there to read the answer. */
async function received<T>(piece: Promise<T>): Promise<T> {
  try {
    return await piece;
  } catch (cause) {
    throw new SealwrightError('INVALID_ARGUMENT', 'The body of the request ended before it was complete.', {
      cause,
    });
  }
}

const tooLong = (most: number): SealwrightError =>
  new SealwrightError('LIMIT_EXCEEDED', `The body of the request is longer than ${most} bytes.`, {
    status: 413,
  });

const notJson = (): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', 'The body of the request is not JSON in UTF-8.');
