import { SealwrightError, type SealwrightErrorCode } from '../errors.ts';

/** What a {@link ByteReader} says when a claim does not fit. */
export interface ReaderSubject {
  /** What is being read, as it appears in the message: `PFILE header`. */
  readonly what: string;
  /** The code for bytes that end early or do not make sense. */
  readonly code: SealwrightErrorCode;
}

/**
 * Little-endian reads over bytes in memory, each checked against the end. Every length and count that
 * comes from a file passes {@link ByteReader.bounded} before it is used.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #subject: ReaderSubject;
  #position = 0;

  constructor(bytes: Uint8Array, subject: ReaderSubject) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#subject = subject;
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  uint8(field: string): number {
    return this.#view.getUint8(this.#advance(1, field));
  }

  uint16(field: string): number {
    return this.#view.getUint16(this.#advance(2, field), true);
  }

  uint32(field: string): number {
    return this.#view.getUint32(this.#advance(4, field), true);
  }

  uint64(field: string): bigint {
    return this.#view.getBigUint64(this.#advance(8, field), true);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number, field: string): Uint8Array {
    const at = this.#advance(length, field);
    return this.#bytes.subarray(at, at + length);
  }

  /** Gives `value` back if it is at most `maximum`, else refuses it with `LIMIT_EXCEEDED`. */
  bounded(value: number, maximum: number, field: string): number {
    if (value <= maximum) return value;
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The ${this.#subject.what} claims ${value} for its ${field}; at most ${maximum} is accepted.`,
      { offset: this.#position },
    );
  }

  /** The error for a value that makes no sense, at the current position. */
  malformed(problem: string): SealwrightError {
    return new SealwrightError(this.#subject.code, `The ${this.#subject.what} is damaged: ${problem}.`, {
      offset: this.#position,
    });
  }

  #advance(length: number, field: string): number {
    if (length < 0 || length > this.remaining) throw this.malformed(`it ends inside the ${field}`);
    const at = this.#position;
    this.#position += length;
    return at;
  }
}
