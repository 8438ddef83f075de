import type { HeaderField } from '../mail-message.ts';

/** Fields that say how a part is encoded and what it is; every form states them in its own way. */
const encodingFields = new Set([
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-description',
  'content-location',
  'content-base',
  'content-md5',
  'content-duration',
  'content-features',
  'content-length',
]);

/** Whether a field belongs to how the message is encoded, and not to the message. */
export const isEncodingField = ({ name }: { readonly name: string }): boolean =>
  encodingFields.has(name.toLowerCase());

/** The fields of a message without those of its encoding. */
export const messageFields = (fields: readonly HeaderField[]): readonly HeaderField[] =>
  Object.freeze(
    fields
      .filter((field) => !isEncodingField(field))
      .map(({ name, value }) => Object.freeze({ name, value })),
  );
