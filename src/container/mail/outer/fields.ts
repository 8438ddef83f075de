import { type HeaderField, rpmsgContentClass } from '../mail-message.ts';

const isContentClass = ({ name }: HeaderField): boolean => name.toLowerCase() === 'content-class';

/** The fields of the clear message: those of the original, and that it is protected. */
export const protectedFields = (fields: readonly HeaderField[]): readonly HeaderField[] => [
  ...fields.filter((field) => !isContentClass(field)),
  { name: 'Content-Class', value: rpmsgContentClass },
];
