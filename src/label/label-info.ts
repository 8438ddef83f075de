import { encodeUtf8 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { contentBitsOf, type LabelMetadata, normalGuid } from './label.ts';
import { checkedChange, type LabelChange, type NewLabel } from './label-change.ts';
import { deletion, editText, insertion, type NamedElement, readXmlPart, type TextEdit } from './xml-part.ts';

/** [MS-OFFCRYPTO] 2.6.4. */
const namespace = 'http://schemas.microsoft.com/office/2020/mipLabelMetadata';

/** A document without labels; the form is that of Office (spec/labels.md, "LabelInfo"). */
const emptyLabelInfo = `<?xml version="1.0" encoding="utf-8" standalone="yes"?><clbl:labelList xmlns:clbl="${namespace}"></clbl:labelList>`;

const noExtended: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

/**
 * The labels in a LabelInfo document (spec/labels.md, "LabelInfo"): UTF-8 or UTF-16, any prefix. What
 * cannot be read gives an empty list and never an error, because labels must not keep anyone from a file.
 *
 * @param bytes the part `docMetadata/LabelInfo.xml`, or the stream `LabelInfo` of a protected file
 * @returns labels and marks of removal, each id once, in the order of the document
 */
export function readLabelInfo(bytes: Uint8Array): readonly LabelMetadata[] {
  const labels = new Map<string, LabelMetadata>();
  const root = readXmlPart(bytes)?.root;
  if (root !== undefined)
    for (const element of labelElements(root)) {
      const label = labelOf(element);
      if (label !== undefined && !labels.has(label.id)) labels.set(label.id, label);
    }
  return Object.freeze([...labels.values()]);
}

/** Whether `bytes` are a LabelInfo document, with labels or without. */
export const isLabelInfo = (bytes: Uint8Array): boolean => {
  const root = readXmlPart(bytes)?.root;
  return root !== undefined && isLabelList(root);
};

/**
 * A LabelInfo document after a change. A label that is set takes the place of its tenant's former one; one
 * that is removed leaves a mark of removal. Everything else stays as it was written.
 *
 * @param bytes the document, or `undefined` to start one
 * @returns the same array if nothing changed
 * @throws SealwrightError `INVALID_ARGUMENT` for a label that cannot be written; `MALFORMED_CONTAINER` for a document that cannot be read
 */
export function changeLabelInfo(bytes: Uint8Array | undefined, change: LabelChange): Uint8Array {
  const checked = checkedChange(change);
  const stored = bytes ?? encodeUtf8(emptyLabelInfo);
  const part = readXmlPart(stored);
  if (part === undefined || !isLabelList(part.root))
    throw new SealwrightError(
      'MALFORMED_CONTAINER',
      'The label metadata of the file (LabelInfo) is damaged and was not changed. Open and save the document in Office first.',
    );
  const { text, root } = part;
  const elements = labelElements(root);
  const edits =
    'set' in checked
      ? setEdits(text, root, elements, checked.set)
      : removeEdits(text, root.prefix, elements, checked.remove);
  return edits.length === 0 ? stored : part.encode(editText(text, edits));
}

function setEdits(text: string, root: NamedElement, elements: readonly NamedElement[], label: NewLabel) {
  const markup = labelMarkup(root.prefix, label);
  const [first, ...others] = elements.filter((element) => {
    const stated = labelOf(element);
    return stated?.siteId === label.siteId || stated?.id === label.id;
  });
  if (first === undefined) {
    const behind = elements[elements.length - 1]?.element;
    // Labels come before `extLst`.
    const before = root.children()[0]?.element;
    if (behind !== undefined || before === undefined) return [insertion(text, root, markup, behind)];
    return [{ start: before.start, end: before.start, text: markup }];
  }
  return [
    ...(isStated(label, first) ? [] : [replacement(first, markup)]),
    ...others.map(({ element }) => deletion(text, element)),
  ];
}

/** Whether an element says of a label what would be written: then it stays as it is written. */
function isStated({ id, siteId, method, contentBits }: NewLabel, element: NamedElement): boolean {
  const stated = labelOf(element);
  return (
    stated?.enabled === true &&
    stated.id === id &&
    stated.siteId === siteId &&
    stated.method === method &&
    stated.contentBits === contentBits
  );
}

function removeEdits(
  text: string,
  prefix: string,
  elements: readonly NamedElement[],
  wanted: string,
): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const marked = new Set<string>();
  for (const element of elements) {
    const stated = labelOf(element);
    if (stated === undefined) continue;
    const { id, siteId, removed } = stated;
    // One mark a tenant is enough.
    const known = siteId === undefined || marked.has(siteId);
    if (removed) {
      if (siteId !== undefined) marked.add(siteId);
    } else if (wanted === 'all' || id === wanted) {
      edits.push(
        known ? deletion(text, element.element) : replacement(element, removedMarkup(prefix, siteId)),
      );
      if (siteId !== undefined) marked.add(siteId);
    }
  }
  return edits;
}

const replacement = ({ element }: NamedElement, text: string): TextEdit => ({
  start: element.start,
  end: element.end,
  text,
});

const isLabelList = (root: NamedElement): boolean =>
  root.namespace === namespace && root.name === 'labelList';

const labelElements = (root: NamedElement): readonly NamedElement[] =>
  isLabelList(root)
    ? root.children().filter((child) => child.namespace === namespace && child.name === 'label')
    : [];

function labelOf({ element: { attributes } }: NamedElement): LabelMetadata | undefined {
  const id = normalGuid(attributes.id);
  if (id === undefined) return undefined;
  const removed = isTrue(attributes.removed);
  return Object.freeze({
    id,
    name: undefined,
    enabled: isTrue(attributes.enabled) && !removed,
    removed,
    siteId: normalGuid(attributes.siteId),
    parentId: undefined,
    owner: undefined,
    setDate: undefined,
    method: attributes.method || undefined,
    contentBits: contentBitsOf(attributes.contentBits),
    application: undefined,
    extended: noExtended,
  });
}

/** xsd:boolean. */
const isTrue = (text: string | undefined): boolean => /^(?:true|1)$/.test(text?.trim() ?? '');

/** Attributes in the order of [MS-OFFCRYPTO] 2.6.5.4, as Office writes them. */
function labelMarkup(prefix: string, { id, method, siteId, contentBits }: NewLabel): string {
  const bits = contentBits === undefined ? '' : ` contentBits="${contentBits}"`;
  return `<${prefix}label id="{${id}}" enabled="1" method="${method}" siteId="{${siteId}}"${bits} removed="0" />`;
}

/** A mark of removal names the tenant, not the label, [MS-OFFCRYPTO] 2.6.5.4. */
const removedMarkup = (prefix: string, siteId: string): string =>
  `<${prefix}label id="{${siteId}}" enabled="0" method="" siteId="{${siteId}}" removed="1" />`;
