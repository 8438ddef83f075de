import { AsnParser, AsnSerializer, OctetString } from '@peculiar/asn1-schema';
import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/** Parses DER as `type`; anything else is `MALFORMED_KEY`. */
export function parseDer<T>(der: Uint8Array | ArrayBuffer, type: new () => T, what: string): T {
  if (der.byteLength > maxima.derBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The ${what} has ${der.byteLength} bytes; at most ${maxima.derBytes} are accepted.`,
    );
  try {
    return AsnParser.parse(der as Uint8Array<ArrayBuffer>, type);
  } catch (cause) {
    throw malformedKey(what, cause);
  }
}

/** DER of a schema object. */
export const toDer = (object: unknown): Uint8Array => new Uint8Array(AsnSerializer.serialize(object));

/** DER of a schema object as the ArrayBuffer that ANY fields want. */
export const toAny = (object: unknown): ArrayBuffer => AsnSerializer.serialize(object);

/** An OCTET STRING of `bytes`. */
export const octets = (bytes: Uint8Array): OctetString => new OctetString(bytes as Uint8Array<ArrayBuffer>);

/** DER of NULL, the parameters of RSA algorithm identifiers. */
export const derNull = (): ArrayBuffer => Uint8Array.of(5, 0).buffer;

/** The error for DER that is not what it should be. */
export const malformedKey = (what: string, cause?: unknown): SealwrightError =>
  new SealwrightError('MALFORMED_KEY', `The ${what} is damaged or of another kind. Export it again.`, {
    cause,
  });
