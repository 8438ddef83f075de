import { boundedMemory, decodeBase64, encodeBase64, maxima } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { element, type XmlMarkup } from './write-xml.ts';
import { childNamed, childrenNamed, trimmedText, type XmlElement } from './xml-element.ts';

/** An RSA public key as licenses carry it. The exponent is always 65537. */
export interface XrmlPublicKey {
  /** Modulus bytes as stored: least significant byte first. */
  readonly modulus: Uint8Array;
  /** Significant bits of the modulus. */
  readonly bits: number;
}

const exponent = '65537';
const smallestModulusBits = 512;

/**
 * Reads a `PUBLICKEY` element (spec/xrml.md, "Keys").
 *
 * @returns `undefined` if it is missing or no RSA key of 512 to 4096 bits with exponent 65537
 */
export function readPublicKey(publicKey: XmlElement | undefined): XrmlPublicKey | undefined {
  if (publicKey === undefined || trimmedText(childNamed(publicKey, 'ALGORITHM')) !== 'RSA') return undefined;
  const parameter = (name: string): string | undefined => {
    const found = childrenNamed(publicKey, 'PARAMETER').filter((item) => item.attributes.name === name);
    return found.length === 1 ? trimmedText(childNamed(found[0], 'VALUE')) : undefined;
  };
  if (parameter('public-exponent') !== exponent) return undefined;
  const modulusText = parameter('modulus');
  if (modulusText === undefined || modulusText.length > maxima.rsaModulusBits) return undefined;
  const modulus = decodeBase64(modulusText);
  const bits = modulus === undefined ? 0 : bitLength(modulus);
  if (modulus === undefined || bits < smallestModulusBits || bits > maxima.rsaModulusBits) return undefined;
  return Object.freeze({ modulus, bits });
}

/**
 * Writes a `PUBLICKEY` element.
 *
 * @param modulusLittleEndian modulus, least significant byte first
 * @throws `INVALID_ARGUMENT` unless the modulus has 512 to 4096 bits
 */
export function publicKeyElement(modulusLittleEndian: Uint8Array): XmlMarkup {
  const bits = bitLength(modulusLittleEndian);
  if (bits < smallestModulusBits || bits > maxima.rsaModulusBits)
    throw new SealwrightError('INVALID_ARGUMENT', 'An RSA modulus for a license must have 512 to 4096 bits.');
  const modulus = encodeBase64(modulusLittleEndian);
  return written.get(modulus, () => publicKeyOf(modulus, bits));
}

/** By their moduli: a license names the key of its server again and again, and so does the next one. */
const written = boundedMemory<string, XmlMarkup>(64);

const publicKeyOf = (modulus: string, bits: number): XmlMarkup =>
  element(
    'PUBLICKEY',
    {},
    element('ALGORITHM', {}, 'RSA'),
    element('PARAMETER', { name: 'public-exponent' }, element('VALUE', { encoding: 'integer32' }, exponent)),
    element(
      'PARAMETER',
      { name: 'modulus' },
      element('VALUE', { encoding: 'base64', size: String(bits) }, modulus),
    ),
  );

function bitLength(littleEndian: Uint8Array): number {
  let last = littleEndian.length - 1;
  while (last >= 0 && littleEndian[last] === 0) last--;
  return last < 0 ? 0 : 8 * last + (32 - Math.clz32(littleEndian[last]!));
}
