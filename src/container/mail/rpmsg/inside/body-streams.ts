import {
  ByteReader,
  type ByteSource,
  ByteWriter,
  maxima,
  memorySource,
  type WaitOptions,
} from '../../../../bytes/index.ts';
import type { CompoundFile } from '../../../compound-file/compound-file.ts';
import type { NewStream } from '../../../compound-file/new-compound-file.ts';
import type { MailBody } from '../../mail-message.ts';
import { bodyInfoStream, bodyStream, plainAsHtmlStream, rtfStream, storageInfoStream } from '../names.ts';
import { htmlOfPlain } from './html-of-plain.ts';

/** What kind a body is, as it is stored, [MS-OXORMMS] 2.2.4.4.1. */
const natives = ['plain', 'html', 'rtf'] as const;

/** A body that the format asks for and the message does not have. */
export type MadeUpBody = 'body' | 'html';

/** The streams of a body, and which of them stand for nothing in the message. */
export interface BodyStreams {
  readonly streams: readonly NewStream[];
  readonly madeUp: readonly MadeUpBody[];
  /** Plain text beside HTML or RTF, which the format has no stream for. */
  readonly plainBeside: ByteSource | undefined;
}

const utf8CodePage = 65001;
const empty = memorySource(new Uint8Array(0));

/** Lays a body out as streams (spec/mail.md, "Inside"). Throws `LIMIT_EXCEEDED`. */
export async function bodyStreams(body: MailBody | undefined, options?: WaitOptions): Promise<BodyStreams> {
  const { native, codePage, plain, html, rtf } = body ?? { native: 'plain', codePage: utf8CodePage };
  const madeUp: MadeUpBody[] = body === undefined ? ['body'] : [];
  const streams: NewStream[] = [];
  const add = (name: string, content: Uint8Array | ByteSource): void => {
    streams.push({ kind: 'stream', name, content });
  };
  add(
    bodyInfoStream,
    new ByteWriter()
      .uint16(natives.indexOf(native) + 1)
      .uint32(codePage)
      .toBytes(),
  );
  // What the 16 bytes mean is not published.
  add(storageInfoStream, new Uint8Array(16));
  const asHtml = html ?? (await htmlOfPlain(plain ?? empty, codePage, options));
  if (html === undefined) madeUp.push('html');
  if (native === 'plain') {
    add(bodyStream, plain ?? empty);
    if (asHtml !== undefined) add(plainAsHtmlStream, asHtml);
  } else add(bodyStream, asHtml ?? empty);
  if (native === 'rtf') add(rtfStream, rtf ?? empty);
  return { streams, madeUp, plainBeside: native === 'plain' ? undefined : plain };
}

/** Kind and code page of a body, which its streams are read by. */
export interface BodyInfo {
  readonly native: MailBody['native'];
  readonly codePage: number;
}

/** Reads which kind of body there is. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export async function readBodyInfo(file: CompoundFile, options?: WaitOptions): Promise<BodyInfo> {
  const what = 'content of the protected message';
  const entry = file.find(bodyInfoStream);
  const bytes =
    entry?.kind === 'stream' ? await file.read(entry, maxima.dataSpaceBytes, options) : new Uint8Array(0);
  const reader = new ByteReader(bytes, { what, code: 'MALFORMED_CONTAINER' });
  const native = natives[reader.uint16('kind of its body') - 1];
  if (native === undefined) throw reader.malformed('its body is of an unknown kind');
  return { native, codePage: reader.uint32('code page') };
}

/** Puts the body together again; what was made up for the format is left out. */
export function readBody(
  file: CompoundFile,
  { native, codePage }: BodyInfo,
  madeUp: readonly string[],
  plainBeside: ByteSource | undefined,
): MailBody | undefined {
  if (madeUp.includes('body')) return undefined;
  const open = (name: string): ByteSource | undefined => {
    const entry = file.find(name);
    return entry?.kind === 'stream' ? file.open(entry, true) : undefined;
  };
  const html = madeUp.includes('html')
    ? undefined
    : open(native === 'plain' ? plainAsHtmlStream : bodyStream);
  return Object.freeze({
    native,
    codePage,
    ...(native === 'plain' ? { plain: open(bodyStream) ?? empty } : plainBeside && { plain: plainBeside }),
    ...(html && { html }),
    ...(native === 'rtf' && { rtf: open(rtfStream) ?? empty }),
  });
}
