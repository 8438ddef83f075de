/** The polynomial of CRC-32, reflected; one entry for each byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb8_8320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * The CRC that Outlook takes of compressed RTF and of the names of properties: that of ZIP, begun at zero and not
 * inverted at the end, [MS-OXRTFCP] 2.1.3.2 (spec/mail.md, "RTF").
 */
export function outlookCrc(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return value >>> 0;
}
