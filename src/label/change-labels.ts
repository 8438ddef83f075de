import { type ByteSource, type ContentInput, sourceOf } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { checkedChange, type LabelChange } from './label-change.ts';
import { type LabelOptions, openPlace } from './read-labels.ts';

/**
 * A file with another label, or without one. No key is needed, whether it is protected or not, and nothing
 * else in it changes (spec/labels.md). A label is a statement: it neither protects nor unprotects.
 *
 * @param input the file: bytes, a Blob, a Web Stream or a ByteSource; the result reads from it, so keep it open
 * until the result was read
 * @returns the changed file, or the file itself if it says already what it was to say
 * @throws `INVALID_ARGUMENT` for a label that cannot be written; `UNSUPPORTED_FORMAT` for a file of a kind that
 * keeps no labels, or one that is signed; `MALFORMED_CONTAINER` for one that is damaged where it would change
 *
 * @example
 * ```ts
 * // For files there is changeFileLabels of 'sealwright/node'.
 * const labelled = await changeLabels(bytes, { set: { id: labelId, siteId: tenantId, name: 'Confidential' } });
 * const bytesNow = await labelled.read(0, labelled.size!);
 * const bare = await changeLabels(labelled, { remove: 'all' });
 * ```
 */
export async function changeLabels(
  input: ContentInput,
  change: LabelChange,
  options: LabelOptions = {},
): Promise<ByteSource> {
  const source = sourceOf(input);
  const checked = checkedChange(change);
  const found = await openPlace(source, options);
  if (found === undefined) throw noPlace(options.name);
  const changed = await found.place.change(found.source, checked, found.options);
  return changed === found.source ? source : changed;
}

const noPlace = (name: string | undefined): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_FORMAT',
    `${name ?? 'The file'} is of a kind that keeps no sensitivity label, or none that can be written. Labels can be put on documents of Word, Excel, PowerPoint and Visio, protected or not, on messages, on PDF, XPS, JPEG, PNG, GIF and TIFF files, and on PFILEs in a mode that does not detect changes.`,
  );
