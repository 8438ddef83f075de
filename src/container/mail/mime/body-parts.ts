import { fieldValue } from './header-block.ts';
import { isMultipart, type MimePart } from './mime-part.ts';
import { parseStructuredField, type StructuredField } from './structured-field.ts';

/** The parts that are the text of a message. */
export interface BodyParts {
  readonly plain: MimePart | undefined;
  readonly html: MimePart | undefined;
}

/** What Content-Disposition says; an empty value without one. */
export const dispositionOf = (part: MimePart): StructuredField =>
  parseStructuredField(fieldValue(part.fields, 'content-disposition') ?? '');

/**
 * A part that loses its meaning when it is taken apart: signed (the signature is over its bytes), or encrypted by other
 * means than ours. It is carried byte for byte.
 */
export const isSealed = (part: MimePart): boolean =>
  ['multipart/signed', 'multipart/encrypted'].includes(part.contentType.value) && isMultipart(part);

/** Whether a part is shown and written as one thing: a file, a message, a sealed multipart. */
export const isLeaf = (part: MimePart): boolean =>
  !isMultipart(part) || part.children.length === 0 || isSealed(part);

/**
 * The text of a message: the first one there is; of a `multipart/alternative` one plain and one HTML.
 */
export function findBodyParts(root: MimePart): BodyParts {
  const found: { plain: MimePart | undefined; html: MimePart | undefined } = {
    plain: undefined,
    html: undefined,
  };
  const any = (): boolean => found.plain !== undefined || found.html !== undefined;
  const visit = (part: MimePart): void => {
    if (dispositionOf(part).value === 'attachment') return;
    const { value } = part.contentType;
    if (!isMultipart(part) || part.children.length === 0) {
      if (part.children.length > 0) return;
      if (value === 'text/html') found.html ??= part;
      else if (value === 'text/plain' || isMultipart(part)) found.plain ??= part;
    } else if (value === 'multipart/alternative') part.children.forEach(visit);
    else if (value === 'multipart/related') visit(rootOf(part));
    else if (value === 'multipart/signed') visit(part.children[0] as MimePart);
    else if (value !== 'multipart/encrypted')
      for (const child of part.children) {
        if (any()) break;
        visit(child);
      }
  };
  visit(root);
  return found;
}

/** The part of a `multipart/related` that refers to the others: the one its `start` names, else the first. */
function rootOf(part: MimePart): MimePart {
  const start = part.contentType.parameters.get('start');
  const named =
    start === undefined
      ? undefined
      : part.children.find((each) => fieldValue(each.fields, 'content-id')?.trim() === start.trim());
  return named ?? (part.children[0] as MimePart);
}
