import { ByteWriter } from '../../bytes/index.ts';
import { guidBytes, type PropertySection, type PropertySets } from './property-set.ts';

/**
 * The bytes of a property-set stream: the given values one after the other, each section where
 * the one before ends (spec/property-sets.md, "Writing"). Dictionaries are properties like others here: their
 * bytes are those of property 0.
 */
export function writePropertySets(sets: PropertySets): Uint8Array {
  const sections = sets.sections.map(serializeSection);
  const writer = new ByteWriter()
    .uint16(0xfffe)
    .uint16(sets.version)
    .uint32(sets.systemIdentifier)
    .bytes(sets.classId)
    .uint32(sections.length);
  let offset = writer.length + 20 * sections.length;
  sets.sections.forEach(({ formatId }, i) => {
    writer.bytes(guidBytes(formatId)).uint32(offset);
    offset += (sections[i] as Uint8Array).length;
  });
  for (const section of sections) writer.bytes(section);
  return writer.toBytes();
}

function serializeSection({ properties }: PropertySection): Uint8Array {
  const head = 8 + 8 * properties.length;
  const values = new ByteWriter();
  const table = new ByteWriter();
  for (const { id, raw, aligned } of properties) {
    if (aligned) values.bytes(new Uint8Array(-values.length & 3));
    table.uint32(id).uint32(head + values.length);
    values.bytes(raw);
  }
  values.bytes(new Uint8Array(-values.length & 3));
  return new ByteWriter()
    .uint32(head + values.length)
    .uint32(properties.length)
    .bytes(table.toBytes())
    .bytes(values.toBytes())
    .toBytes();
}
