import { type ByteSource, decodeUtf8, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { MessageDocument } from '../message-document.ts';
import { type LabelPair, labelPairs } from './label-field.ts';
import { withLabelField } from './mime-labels.ts';
import { withItemLabels } from './msg-labels.ts';

/** A message that is to be protected, and where it is read from. */
export interface LabelledDocument {
  readonly document: MessageDocument;
  readonly source: ByteSource;
}

/**
 * A message with the labels that were given for it, instead of those it states: so they go along in the clear header as any
 * field does (spec/labels.md, "Mail").
 *
 * @param metadata the text of the field `msip_labels` in UTF-8; without it, the message stays as it is
 * @throws SealwrightError `INVALID_ARGUMENT` for what is no such text
 */
export async function labelledDocument(
  document: MessageDocument,
  source: ByteSource,
  metadata: Uint8Array | undefined,
  options?: WaitOptions,
): Promise<LabelledDocument> {
  if (metadata === undefined || metadata.length === 0) return { document, source };
  const pairs = pairsOf(metadata);
  if (document.form === 'eml') return { document, source: await withLabelField(source, pairs, options) };
  const labelled = await withItemLabels(document.compoundFile, pairs, options);
  return {
    document: Object.freeze({ form: 'msg', compoundFile: await readCompoundFile(labelled, options) }),
    source: labelled,
  };
}

function pairsOf(metadata: Uint8Array): readonly LabelPair[] {
  try {
    const pairs = labelPairs(decodeUtf8(metadata));
    // An Outlook item would keep a line break within a fact, and whoever sends it might begin another field there.
    if (pairs.length > 0 && !pairs.flat().some((text) => /\p{Cc}/u.test(text))) return pairs;
  } catch {
    // No text is no such text either.
  }
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    'The label metadata for a message is the text of the field msip_labels, "name=value; name=value" in UTF-8, and this is not. Leave it out to keep the labels that the message states.',
  );
}
