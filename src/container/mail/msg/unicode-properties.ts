import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { MapiProperty, PropertyList } from './mapi-message.ts';
import { textProperties } from './new-properties.ts';
import { propertyTypes } from './property-tags.ts';
import { streamBytes, streamOf, textOfBytes } from './property-values.ts';

/**
 * Properties with their texts in Unicode: an item has either kind of text and not both, [MS-OXMSG] 2.1.3. Texts of no
 * length are left out.
 */
export async function unicodeProperties(
  list: PropertyList,
  codePage: number,
  options?: WaitOptions,
): Promise<MapiProperty[]> {
  const properties: MapiProperty[] = [];
  for (const property of list.properties) {
    if (isEmptyText(property)) continue;
    if (property.type !== propertyTypes.string8) {
      properties.push(property);
      continue;
    }
    const bytes = await streamBytes(property, maxima.mailTextBytes, options);
    const text = bytes && textOfBytes(property, bytes, codePage);
    for (const made of textProperties(property.id, text)) properties.push({ ...made, flags: property.flags });
  }
  return properties;
}

/** Some programs write texts of no length, and others refuse the item for it. */
function isEmptyText(property: MapiProperty): boolean {
  const content = streamOf(property)?.content;
  const size = content instanceof Uint8Array ? content.length : content?.size;
  return property.type === propertyTypes.string && size === 0;
}
