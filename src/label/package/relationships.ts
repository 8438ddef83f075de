import { escapeAttribute } from '../../xrml/index.ts';
import { editText, insertion, type NamedElement, type XmlPart } from '../xml-part.ts';

/** ECMA-376-2 6.5.3. */
const namespace = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Types of relationships that labels need, with those of Strict Open XML where they differ. */
export const relationshipTypes = {
  labelInfo: ['http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels'],
  customProperties: [
    'http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties',
    'http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties',
  ],
  officeDocument: [
    'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument',
    'http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument',
  ],
  signatures: ['http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin'],
} as const;

/** A relationship of the package itself to one of its parts. */
export interface Relationship {
  readonly id: string;
  readonly type: string;
  /** Name of the part, without a slash in front. */
  readonly target: string;
}

/** The relationships in `_rels/.rels` that lead to a part; `undefined` if it is no list of such. */
export const readRelationships = (root: NamedElement): readonly Relationship[] | undefined =>
  root.namespace !== namespace || root.name !== 'Relationships'
    ? undefined
    : root.children().flatMap(({ element: { attributes }, ...named }) => {
        if (named.namespace !== namespace || named.name !== 'Relationship') return [];
        const { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode } = attributes;
        const part = mode === undefined || mode === 'Internal' ? partName(target) : undefined;
        return part === undefined ? [] : [{ id, type: type.trim(), target: part }];
      });

/** The part that a relationship of one of `types` leads to. */
export const targetOf = (
  relationships: readonly Relationship[],
  types: readonly string[],
): string | undefined => relationships.find(({ type }) => types.includes(type))?.target;

/** The text of `_rels/.rels` with relationships to more parts. */
export function addRelationships(
  { text, root }: XmlPart,
  added: readonly (readonly [type: string, target: string])[],
): string {
  const taken = new Set(root.children().map(({ element }) => element.attributes.Id));
  let number = 0;
  const markup = added.map(([type, target]) => {
    do number++;
    while (taken.has(`rId${number}`));
    return `<${root.prefix}Relationship Id="rId${number}" Type="${type}" Target="${escapeAttribute(target)}"/>`;
  });
  return editText(text, [insertion(text, root, markup.join(''))]);
}

/** Longer names of parts than any writer's; a ZIP archive could not hold them all. */
const nameCharacters = 1024;

/** The name of the part that a target means, seen from the package itself; `undefined` for an address elsewhere. */
function partName(target: string): string | undefined {
  const path = target.trim();
  if (path === '' || path.length > nameCharacters || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(path))
    return undefined;
  const segments: string[] = [];
  for (const segment of path.replace(/[?#].*$/s, '').split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(decoded(segment));
  }
  return segments.length === 0 || segments.some(isNoName) ? undefined : segments.join('/');
}

/** What percent signs can hide: a way out of the package, and characters that names of parts do not have; ECMA-376-2 6.2.2.2. */
const isNoName = (segment: string): boolean => /^\.+$|[/\\:\p{Cc}\p{Cs}]/u.test(segment);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
