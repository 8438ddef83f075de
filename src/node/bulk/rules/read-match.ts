import { compileSelection } from '../selection/compile-selection.ts';
import type { FileSelection } from '../selection/file-selection.ts';
import { checked, type Field, fieldsOf, textsOf } from './fields.ts';
import { bytesOf, momentOf } from './quantities.ts';

const names = [
  'extensions',
  'include',
  'exclude',
  'minSize',
  'maxSize',
  'modifiedSince',
  'modifiedBefore',
  'owners',
  'includeExcluded',
] as const;

/** Which files a rule is about. What is left out by default never comes to a rule, so that it cannot take it in. */
export function readMatch(field: Field, now: Date): FileSelection | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, names, 'a match');
  if (fields === undefined) return undefined;
  const excluded = fields('includeExcluded');
  if (excluded.value !== undefined)
    field.mistakes.add(
      excluded.path,
      'this is for the whole run: say it in its options (--include-excluded)',
    );
  const match: FileSelection = {
    extensions: textsOf(fields('extensions')),
    include: textsOf(fields('include')),
    exclude: textsOf(fields('exclude')),
    minSize: bytesOf(fields('minSize')),
    maxSize: bytesOf(fields('maxSize')),
    modifiedSince: momentOf(fields('modifiedSince'), now),
    modifiedBefore: momentOf(fields('modifiedBefore'), now),
    owners: textsOf(fields('owners')),
  };
  checked(field, () => compileSelection(match));
  return Object.freeze(match);
}
