import { ByteWriter, encodeUtf8 } from '../../bytes/index.ts';

/** Tells this binding from everything else that may be bound (spec/office.md, "Binding"). */
const domain = 'Sealwright Office container 1';

/**
 * What an authenticated cipher mode binds into its key: the license and where the content stands. Labels,
 * property sets, placeholders and the layout of the file may change without the key (spec/office.md, "Binding").
 */
export function bindingOf(contentStream: string, license: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  for (const part of [encodeUtf8(domain), encodeUtf8(contentStream), license])
    writer.uint32(part.length).bytes(part);
  return writer.toBytes();
}
