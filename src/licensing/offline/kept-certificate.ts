import { concatBytes, maxima } from '../../bytes/index.ts';
import type { ClientLicensor } from '../licensing-service.ts';

const version = 1;
const headLength = 5;

/** A client licensor certificate and its key as bytes: version, length of the chain (u32), chain, key. */
export function writeKeptCertificate({ certificateChain, privateKey }: ClientLicensor): Uint8Array {
  const head = new Uint8Array(headLength);
  head[0] = version;
  new DataView(head.buffer).setUint32(1, certificateChain.length, true);
  return concatBytes([head, certificateChain, privateKey]);
}

/** Reads what {@link writeKeptCertificate} wrote; `undefined` for anything else. Views on `bytes`, not copies. */
export function readKeptCertificate(bytes: Uint8Array): ClientLicensor | undefined {
  if (bytes.length < headLength || bytes.length > maxima.licenseBytes || bytes[0] !== version)
    return undefined;
  const chainLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
  if (chainLength > bytes.length - headLength) return undefined;
  return {
    certificateChain: bytes.subarray(headLength, headLength + chainLength),
    privateKey: bytes.subarray(headLength + chainLength),
  };
}
