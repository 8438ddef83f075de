import { ByteWriter, encodeUtf8 } from '../../../bytes/index.ts';

/** Tells this binding from everything else that may be bound (spec/mail.md, "Storage"). */
const domain = 'Sealwright mail 1';

/** What an authenticated cipher mode binds into the key of a message: its license, as it is stored. */
export function rpmsgBinding(license: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  for (const part of [encodeUtf8(domain), license]) writer.uint32(part.length).bytes(part);
  return writer.toBytes();
}
