import { encodeUtf8 } from '../../bytes/index.ts';
import { escapeAttribute, escapeText, type XmlElement } from '../../xrml/index.ts';
import type { LabelChange, LabelProperty } from '../label-change.ts';
import { changeProperties } from '../properties.ts';
import {
  deletion,
  editText,
  insertion,
  type NamedElement,
  readXmlPart,
  type TextEdit,
  type XmlPart,
} from '../xml-part.ts';

/** Namespaces of the part and of its values, ECMA-376-1 22.3 and 22.4; the second of each is that of Strict. */
const forms = [
  {
    properties: 'http://schemas.openxmlformats.org/officeDocument/2006/custom-properties',
    values: 'http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes',
  },
  {
    properties: 'http://purl.oclc.org/ooxml/officeDocument/customProperties',
    values: 'http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes',
  },
] as const;

/** FMTID_UserDefinedProperties, [MS-OLEPS] 2.21. */
const userDefined = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}';
/** The first id that is free for properties; 0 and 1 mean something else, [MS-OLEPS] 2.21. */
const firstId = 2;
const lastId = 0x7fff_ffff;

/** `docProps/custom.xml`, read. */
export interface CustomProperties {
  readonly pairs: readonly LabelProperty[];
  /** The part after a change of labels; `undefined` if nothing changed. Throws `INVALID_ARGUMENT`. */
  change(change: LabelChange): Uint8Array | undefined;
}

/** The properties in `bytes`, or `undefined` if they cannot be read. */
export function readCustomProperties(bytes: Uint8Array): CustomProperties | undefined {
  const part = readXmlPart(bytes);
  const form = forms.find(({ properties }) => properties === part?.root.namespace);
  if (part === undefined || form === undefined || part.root.name !== 'Properties') return undefined;
  const elements = part.root
    .children()
    .filter(({ namespace, name }) => namespace === form.properties && name === 'property');
  const pairs = elements.map(({ element }): LabelProperty => {
    // Exactly one value, ECMA-376-1 22.3.2.2; whatever its type, it is read as text.
    const [value] = element.children;
    return Object.freeze([element.attributes.name ?? '', value?.text ?? ''] as const);
  });
  return Object.freeze({
    pairs,
    change: (change: LabelChange) => {
      const changed = changeProperties(pairs, change);
      const same = changed.length === pairs.length && changed.every((pair, i) => pair === pairs[i]);
      return same ? undefined : written(part, form.values, elements, pairs, changed);
    },
  });
}

/** A part without properties. */
export const newCustomProperties = (strict: boolean): Uint8Array => {
  const { properties, values } = forms[strict ? 1 : 0];
  return encodeUtf8(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<Properties xmlns="${properties}" xmlns:vt="${values}"></Properties>`,
  );
};

/** The text of the part with what went taken out, and what came put behind what stood before it. */
function written(
  part: XmlPart,
  values: string,
  elements: readonly NamedElement[],
  pairs: readonly LabelProperty[],
  changed: readonly LabelProperty[],
): Uint8Array {
  const { text, root } = part;
  const elementOf = new Map(pairs.map((pair, index) => [pair, elements[index]!.element]));
  const staying = new Set(changed);
  const edits: TextEdit[] = pairs
    .filter((pair) => !staying.has(pair))
    .map((pair) => deletion(text, elementOf.get(pair)!));
  const nextId = idsAfter(elements);
  const valueTag = valueTagOf(root, values);
  let behind: XmlElement | undefined;
  let markup = '';
  const put = (): void => {
    if (markup === '') return;
    const empty = root.element.contentStart === root.element.end;
    if (behind !== undefined || empty || root.element.children.length === 0)
      edits.push(insertion(text, root, markup, behind));
    else edits.push({ start: root.element.contentStart, end: root.element.contentStart, text: markup });
    markup = '';
  };
  for (const pair of changed) {
    const element = elementOf.get(pair);
    if (element === undefined) markup += propertyMarkup(root.prefix, nextId(), pair, valueTag);
    else {
      put();
      behind = element;
    }
  }
  put();
  return part.encode(editText(text, edits));
}

function propertyMarkup(
  prefix: string,
  id: number,
  [name, value]: LabelProperty,
  tag: { readonly open: string; readonly close: string },
): string {
  const text = `<${tag.open}>${escapeText(value)}</${tag.close}>`;
  return `<${prefix}property fmtid="${userDefined}" pid="${id}" name="${escapeAttribute(name)}">${text}</${prefix}property>`;
}

/** Ids that no property has. */
function idsAfter(elements: readonly NamedElement[]): () => number {
  const taken = new Set(elements.map(({ element }) => Number(element.attributes.pid)));
  let largest = firstId - 1;
  for (const id of taken) if (id > largest && id < lastId) largest = id;
  let next = largest > lastId - 1000 ? firstId : largest + 1;
  return () => {
    while (taken.has(next)) next++;
    return next++;
  };
}

/** The tag of a text value, with the prefix that the part declares for values or one of its own. */
function valueTagOf({ element }: NamedElement, values: string) {
  const declared = Object.entries(element.attributes).find(
    ([name, uri]) => name.startsWith('xmlns:') && uri === values,
  );
  if (declared === undefined) return { open: `vt:lpwstr xmlns:vt="${values}"`, close: 'vt:lpwstr' };
  const tag = `${declared[0].slice('xmlns:'.length)}:lpwstr`;
  return { open: tag, close: tag };
}
