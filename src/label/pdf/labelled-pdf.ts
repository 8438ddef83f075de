import { type ByteSource, maxima } from '../../bytes/index.ts';
import {
  type PdfDictionary,
  type PdfDocument,
  type PdfMetadata,
  type PdfValue,
  pdfModule,
  type UpdatedPdfObject,
} from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import { checkedChange, type LabelChange, type LabelProperty } from '../label-change.ts';
import type { LabelPlaceOptions, StatedLabels } from '../label-place.ts';
import { changeProperties } from '../properties.ts';
import { isDamage } from '../unless-damaged.ts';
import { changeXmp } from '../xmp-edit.ts';
import { labelsOfPdf } from './stated-labels.ts';

const nothing: StatedLabels = Object.freeze({ labelInfo: undefined, properties: Object.freeze([]) });

/** The labels that a PDF states. */
export async function readPdfLabels(source: ByteSource, options?: LabelPlaceOptions): Promise<StatedLabels> {
  const { readPdf, readPdfMetadata } = await pdfModule();
  try {
    const document = options?.pdf ?? (await readPdf(source, options));
    if (document.encrypted) return nothing;
    const { properties, packet } = await readPdfMetadata(document, options);
    return Object.freeze({ labelInfo: undefined, properties: labelsOfPdf(properties, packet) });
  } catch (error) {
    if (isDamage(error)) return nothing;
    throw error;
  }
}

/** The PDF with an update behind it that makes the change. */
export async function changePdfLabels(
  source: ByteSource,
  change: LabelChange,
  options?: LabelPlaceOptions,
): Promise<ByteSource> {
  const checked = checkedChange(change);
  const { nextNumber, readPdf, readPdfMetadata, textString, withUpdate } = await pdfModule();
  const document = options?.pdf ?? (await readPdf(source, options));
  await refuseUnchangeable(document, options);
  const metadata = await readPdfMetadata(document, options);
  const objects: UpdatedPdfObject[] = [];
  const trailer = new Map<string, PdfValue>();

  const properties = changeProperties(metadata.properties, checked);
  if (properties !== metadata.properties) {
    const { infoReference } = metadata;
    const at = infoReference ?? { kind: 'reference', number: nextNumber(document), generation: 0 };
    objects.push({ ...at, value: changedInfo(metadata, properties, textString) });
    if (infoReference === undefined) trailer.set('Info', at);
  }
  const { stream, packet } = metadata;
  const changed = packet && changeXmp(packet, checked, { form: 'pdf', maximum: maxima.xmpBytes });
  if (stream !== undefined && changed !== undefined) objects.push(metadataStream(stream, changed));
  return objects.length === 0 ? source : withUpdate(source, document, { objects, trailer }, options);
}

/** The dictionary with what states labels replaced; every other entry is the one that was there. */
function changedInfo(
  { info, properties }: PdfMetadata,
  after: readonly LabelProperty[],
  textString: (text: string) => PdfValue,
): PdfDictionary {
  const before = new Map(properties);
  const texts = new Map(after);
  const entries = new Map<string, PdfValue>();
  for (const [name, value] of info.entries)
    if (!before.has(name) || texts.get(name) === before.get(name)) entries.set(name, value);
  for (const [name, text] of after) if (!entries.has(name)) entries.set(name, textString(text));
  return { kind: 'dictionary', entries };
}

function metadataStream(
  { number, generation, value }: NonNullable<PdfMetadata['stream']>,
  data: Uint8Array,
): UpdatedPdfObject {
  const entries = new Map((value as PdfDictionary).entries);
  // Not packed, so that programs that know nothing of PDF find it (XMP part 3, 1.2.2).
  for (const key of ['Filter', 'DecodeParms', 'DL']) entries.delete(key);
  return { number, generation, value: { kind: 'dictionary', entries }, data };
}

async function refuseUnchangeable(
  document: PdfDocument,
  options: LabelPlaceOptions | undefined,
): Promise<void> {
  if (document.encrypted)
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      'The PDF is encrypted, and what it states of labels with it, so that its labels cannot be changed. Take the encryption off first.',
    );
  if (await isSigned(document, options))
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      'The PDF is signed, and another label would make readers doubt the signature. Label the document before it is signed.',
    );
}

/** Whether a signature is in the document (ISO 32000-2, table 225), or what it allows is restricted by one (12.8.6). */
async function isSigned(document: PdfDocument, options: LabelPlaceOptions | undefined): Promise<boolean> {
  const catalog = await document.resolve(document.trailer.entries.get('Root'), options);
  if (typeof catalog !== 'object' || catalog?.kind !== 'dictionary') return false;
  if ((await document.resolve(catalog.entries.get('Perms'), options)) !== null) return true;
  const form = await document.resolve(catalog.entries.get('AcroForm'), options);
  if (typeof form !== 'object' || form?.kind !== 'dictionary') return false;
  const flags = await document.resolve(form.entries.get('SigFlags'), options);
  return typeof flags === 'object' && flags?.kind === 'number' && (Number(flags.text) & 1) === 1;
}
