import type { ByteSource } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { RawField } from './header-block.ts';
import type { ContentType } from './structured-field.ts';

/** Content-Transfer-Encoding, RFC 2045 6; `identity` for 7bit, 8bit, binary, and for names that nobody knows. */
export type TransferEncoding = 'base64' | 'quoted-printable' | 'identity';

/** A run of bytes in the source. */
export interface Extent {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/**
 * A part of a message, or the message itself: where it stands in its source, and what its header says of its body.
 * The line break in front of a boundary belongs to the boundary.
 */
export interface MimePart {
  /** Where the message stands; offsets count from its beginning. */
  readonly source: ByteSource;
  /** Header fields with the empty line behind them. */
  readonly header: Extent;
  readonly body: Extent;
  readonly fields: readonly RawField[];
  readonly contentType: ContentType;
  readonly encoding: TransferEncoding;
  /** Parts of a multipart, or the one message within `message/rfc822`; empty for all others. */
  readonly children: readonly MimePart[];
}

/** Whether its body is made of parts. */
export const isMultipart = (part: MimePart): boolean => part.contentType.boundary !== undefined;

/** Whether its body is a message that was read along with it. */
export const holdsMessage = (part: MimePart): boolean =>
  part.contentType.boundary === undefined && part.children.length > 0;

/** The body as it stands, transfer encoding and all. */
export const encodedBody = ({ source, body }: MimePart): ByteSource =>
  source.slice(body.start, body.end - body.start);

/** The error for a message that claims more than a maximum. */
export const tooLarge = (what: string, maximum: number, offset: number): SealwrightError =>
  new SealwrightError(
    'LIMIT_EXCEEDED',
    `The message has more than ${maximum} ${what}. Nothing was read of it; messages that people write are far below.`,
    { offset },
  );
