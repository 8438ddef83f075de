import { escapeAttribute } from '../../xrml/index.ts';
import { editText, insertion, type XmlPart } from '../xml-part.ts';

/** ECMA-376-2 6.2.3. */
const namespace = 'http://schemas.openxmlformats.org/package/2006/content-types';

export const contentTypes = {
  labelInfo: 'application/vnd.ms-office.classificationlabels+xml',
  customProperties: 'application/vnd.openxmlformats-officedocument.custom-properties+xml',
} as const;

/** Whether `part` is a list of content types. */
export const isContentTypes = ({ root }: XmlPart): boolean =>
  root.namespace === namespace && root.name === 'Types';

/** The text of `[Content_Types].xml` with the types of more parts; those that have one keep it. */
export function addContentTypes(
  { text, root }: XmlPart,
  added: readonly (readonly [partName: string, type: string])[],
): string {
  const stated = new Set(
    root
      .children()
      .filter(({ name }) => name === 'Override')
      .map(({ element }) => element.attributes.PartName?.toLowerCase()),
  );
  const markup = added
    .filter(([partName]) => !stated.has(`/${partName}`.toLowerCase()))
    .map(
      ([partName, type]) =>
        `<${root.prefix}Override PartName="/${escapeAttribute(partName)}" ContentType="${type}"/>`,
    );
  return markup.length === 0 ? text : editText(text, [insertion(text, root, markup.join(''))]);
}
