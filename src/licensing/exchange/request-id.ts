import { encodeHex } from '../../bytes/index.ts';

/** A random GUID without braces. `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function guid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Scenario and correlation id, as the service's log shows them (spec/rest.md, "Headers"). */
export const newRequestId = (): string => `${guid()};${guid()}`;
