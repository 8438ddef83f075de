import type { CompoundFile } from '../compound-file/compound-file.ts';

/** A message that is to be protected: its form on disk, and the directory of an Outlook item. */
export type MessageDocument =
  | { readonly form: 'eml' }
  | { readonly form: 'msg'; readonly compoundFile: CompoundFile };
