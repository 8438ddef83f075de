import type { HeaderField } from '../mail-message.ts';

/** Fields that describe how the body was encoded for its way, which is not how it is encoded here. */
const encodingFields =
  /^(?:content-(?:type|transfer-encoding|disposition|id|description|language)|mime-version)$/i;

/**
 * Header fields of the text that Outlook keeps of a message's way here. Lines that are no fields are passed over.
 * Names and values are as they stand, values with their folds.
 */
export function transportFields(text: string): HeaderField[] {
  const fields: { name: string; value: string }[] = [];
  let last: { name: string; value: string } | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^[ \t]/.test(line)) {
      // The fold of a line that was no field belongs to it.
      if (last !== undefined && line.trim() !== '') last.value += `\r\n${line}`;
      continue;
    }
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    last = match === null ? undefined : { name: match[1] as string, value: (match[2] as string).trimEnd() };
    if (last !== undefined && !encodingFields.test(last.name)) fields.push(last);
  }
  return fields.map((field) => Object.freeze(field));
}
