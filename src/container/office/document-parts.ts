import { maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile } from '../compound-file/compound-file.ts';
import type { NewStream } from '../compound-file/new-compound-file.ts';
import { defaultCodePage } from '../property-set/code-page.ts';
import { newPropertySets, newSection } from '../property-set/new-section.ts';
import { formatIds, propertySetStreams } from '../property-set/property-set.ts';
import { readPropertySets } from '../property-set/read.ts';
import { textOf } from '../property-set/typed-value.ts';
import { withUserProperties } from '../property-set/user-properties.ts';
import { writePropertySets } from '../property-set/write.ts';
import { placeholderStreams } from './placeholder/placeholder.ts';

/** The application a document belongs to. */
export type OfficeApplication = 'word' | 'excel' | 'powerpoint' | 'visio';

/** What is known of a document that is to be protected: all that will stand in the clear of it. */
export interface OfficeDocument {
  /** `package`: Office Open XML; `binary`: a compound file itself, as Office 97-2003 wrote it. */
  readonly kind: 'package' | 'binary';
  readonly application: OfficeApplication | undefined;
  /** CLSID of the root of a binary document, 16 bytes in file order. */
  readonly classId: Uint8Array | undefined;
  /** The stream `\x01CompObj` of a binary document: names of the application and of its format. */
  readonly compObj: Uint8Array | undefined;
  /** What the document says it was made with. */
  readonly applicationName: string | undefined;
}

/** Streams that make a compound file the document of an application, [MS-DOC] 2.1, [MS-XLS] 2.1, [MS-PPT] 2.1. */
const mainStreams: readonly (readonly [name: string, application: OfficeApplication])[] = [
  ['WordDocument', 'word'],
  ['Workbook', 'excel'],
  ['Book', 'excel'],
  ['PowerPoint Document', 'powerpoint'],
  ['VisioDocument', 'visio'],
];

const extensions: readonly (readonly [RegExp, OfficeApplication])[] = [
  [/\.do[ct][mx]?$/i, 'word'],
  [/\.xl[ast][bmx]?$/i, 'excel'],
  [/\.(?:pp[ast]|pot|sld)[mx]?$/i, 'powerpoint'],
  [/\.vs[dst][mx]?$/i, 'visio'],
];

const compObjStream = '\x01CompObj';
/** Bytes of a `\x01CompObj` stream that are copied. Three short names take some 120. */
const compObjBytes = 1024;
/** Characters of an application's name. */
const applicationNameCharacters = 64;
const applicationNameId = 18;

/** Which application a binary document belongs to; `undefined` if it is none that we know. */
export const applicationOf = (file: CompoundFile): OfficeApplication | undefined =>
  mainStreams.find(([name]) => file.find(name)?.kind === 'stream')?.[1];

/**
 * Looks at a document that is to be protected. Nothing but what {@link clearStreams} needs is kept; streams
 * that cannot be read are the same as none.
 *
 * @param document `compoundFile` of a binary document, else a package is meant; the file's name, if known
 */
export async function readOfficeDocument(
  document: { readonly compoundFile?: CompoundFile | undefined; readonly name?: string | undefined },
  options?: WaitOptions,
): Promise<OfficeDocument> {
  const { compoundFile: file, name = '' } = document;
  if (file === undefined)
    return Object.freeze({
      kind: 'package',
      application: extensions.find(([pattern]) => pattern.test(name))?.[1],
      classId: undefined,
      compObj: undefined,
      applicationName: undefined,
    });
  const summary = await readIfSound(file, propertySetStreams.summary, maxima.propertySetBytes, options);
  return Object.freeze({
    kind: 'binary',
    application: applicationOf(file),
    classId: file.root.classId.slice(),
    compObj: await readIfSound(file, compObjStream, compObjBytes, options),
    applicationName: summary && applicationNameIn(summary),
  });
}

/**
 * The streams of a protected file that anyone can read (spec/office.md, "What stays readable"): two
 * property sets with nothing in them but the application's name and the labels, and of a binary document what shows
 * an older program whose file it is and that it is protected. Title, author, comments, macros, signatures and custom XML of
 * the document are content here, and stay out: Office copies them.
 *
 * @param labelProperties names and values, `MSIP_Label_…`
 *
 * Throws `INVALID_ARGUMENT` for properties that cannot be stored.
 */
export function clearStreams(
  document: OfficeDocument,
  labelProperties: readonly (readonly [name: string, value: string])[] = [],
): NewStream[] {
  const { applicationName = 'Sealwright', compObj } = document;
  const summary = newPropertySets(
    newSection(formatIds.summary, defaultCodePage, [[applicationNameId, applicationName]]),
  );
  const streams: NewStream[] = [
    stream(propertySetStreams.summary, writePropertySets(summary)),
    stream(propertySetStreams.documentSummary, withUserProperties(undefined, labelProperties)),
  ];
  if (document.kind === 'package') return streams;
  if (compObj !== undefined) streams.push(stream(compObjStream, compObj));
  return [...streams, ...placeholderStreams(document.application)];
}

const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });

function applicationNameIn(summary: Uint8Array): string | undefined {
  try {
    const [section] = readPropertySets(summary).sections;
    const raw = section?.properties.find(({ id }) => id === applicationNameId)?.raw;
    const name = section && raw && textOf(raw, section.codePage);
    return name !== undefined && name !== '' && name.length <= applicationNameCharacters ? name : undefined;
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}

async function readIfSound(
  file: CompoundFile,
  name: string,
  maximum: number,
  options: WaitOptions | undefined,
): Promise<Uint8Array | undefined> {
  const entry = file.find(name);
  if (entry?.kind !== 'stream') return undefined;
  try {
    return await file.read(entry, maximum, options);
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}
