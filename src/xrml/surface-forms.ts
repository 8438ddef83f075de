import { isBlank, trimXmlSpace } from './xml-characters.ts';
import type { XmlElement } from './xml-element.ts';

/** How the signed text differs from the stored text. */
export interface SurfaceForm {
  /** White space between tags, where it carries no meaning, was not there. */
  readonly whitespaceRemoved: boolean;
  /** Elements without content were written in this form; `as-stored` leaves each as it is. */
  readonly emptyElements: 'as-stored' | '<X />' | '<X/>';
}

/**
 * The forms to try, in order, when a stored text does not match its digest (spec/xrml.md, "Signed bytes"): some
 * clients store `<X a="b" />` as `<X a="b"></X>`, and people indent licenses to read them.
 */
export const surfaceForms: readonly SurfaceForm[] = Object.freeze([
  Object.freeze({ whitespaceRemoved: false, emptyElements: 'as-stored' }),
  Object.freeze({ whitespaceRemoved: false, emptyElements: '<X />' }),
  Object.freeze({ whitespaceRemoved: false, emptyElements: '<X/>' }),
  Object.freeze({ whitespaceRemoved: true, emptyElements: 'as-stored' }),
  Object.freeze({ whitespaceRemoved: true, emptyElements: '<X />' }),
  Object.freeze({ whitespaceRemoved: true, emptyElements: '<X/>' }),
]);

/**
 * The text of `element` in another surface form. Works on the parsed tree, not by searching the text, so
 * that only white space and empty elements change and no value, name or structure ever does.
 */
export function inSurfaceForm(source: string, element: XmlElement, form: SurfaceForm): string {
  if (!form.whitespaceRemoved && form.emptyElements === 'as-stored')
    return source.slice(element.start, element.end);
  const pieces: string[] = [];
  let kept = element.start;
  const cut = (start: number, end: number, replacement: string): void => {
    pieces.push(source.slice(kept, start), replacement);
    kept = end;
  };
  const dropBlank = (start: number, end: number): void => {
    if (form.whitespaceRemoved && start < end && isBlank(source, start, end)) cut(start, end, '');
  };
  // Recursion is bounded: the parser refuses more than `maxima.xmlDepth` levels.
  const visit = (parent: XmlElement): void => {
    if (form.emptyElements !== 'as-stored' && parent.contentStart === parent.contentEnd) {
      const tag = source.slice(parent.start, parent.contentStart - 1);
      const inside = trimXmlSpace(tag.endsWith('/') ? tag.slice(0, -1) : tag);
      cut(parent.start, parent.end, `${inside}${form.emptyElements === '<X />' ? ' />' : '/>'}`);
      return;
    }
    let at = parent.contentStart;
    for (const child of parent.children) {
      dropBlank(at, child.start);
      visit(child);
      at = child.end;
    }
    // White space that is all there is inside an element is a value, not indentation.
    if (parent.children.length > 0) dropBlank(at, parent.contentEnd);
  };
  visit(element);
  pieces.push(source.slice(kept, element.end));
  return pieces.join('');
}
