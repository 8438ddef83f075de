import type { AttachmentFacts } from '../mail-message.ts';
import { dispositionOf } from './body-parts.ts';
import { decodedWords } from './decode-words.ts';
import { fieldValue, unfolded } from './header-block.ts';
import type { MimePart } from './mime-part.ts';

/** What the header of a part says of it. @param related it stands in a `multipart/related` */
export function attachmentFacts(part: MimePart, related: boolean): AttachmentFacts {
  const disposition = dispositionOf(part);
  const contentId = text(part, 'content-id')?.replace(/^<(.*)>$/s, '$1');
  const contentLocation = text(part, 'content-location');
  const referred = contentId !== undefined || (related && contentLocation !== undefined);
  return {
    name: fileName(disposition.parameters.get('filename') ?? part.contentType.parameters.get('name')),
    contentType: part.contentType.value,
    contentId: contentId || undefined,
    contentLocation: contentLocation || undefined,
    inline: referred && (disposition.value === 'inline' || (related && disposition.value !== 'attachment')),
    created: date(disposition.parameters.get('creation-date')),
    modified: date(disposition.parameters.get('modification-date')),
  };
}

function text(part: MimePart, name: string): string | undefined {
  const value = fieldValue(part.fields, name);
  return value === undefined ? undefined : decodedWords(unfolded(value)).trim();
}

/** The last component of a path, without control characters. */
function fileName(stated: string | undefined): string | undefined {
  const name = stated
    ?.replace(/^.*[\\/]/s, '')
    .replace(/\p{Cc}/gu, '')
    .trim();
  return name === '' ? undefined : name;
}

function date(stated: string | undefined): Date | undefined {
  const time = stated === undefined ? Number.NaN : Date.parse(stated);
  return Number.isNaN(time) ? undefined : new Date(time);
}
