import type { ByteSource } from '../../bytes/index.ts';
import { maxima } from '../../bytes/index.ts';
import { readZip, type ZipArchive, type ZipEntry } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LabelPlaceOptions } from '../label-place.ts';
import { readXmlPart, type XmlPart } from '../xml-part.ts';
import { type Relationship, readRelationships } from './relationships.ts';

/** An Office package, as far as labels need it. */
export interface OfficePackage {
  readonly archive: ZipArchive;
  /** `_rels/.rels` and what it says. */
  readonly relationshipsName: string;
  readonly relationshipsPart: XmlPart;
  readonly relationships: readonly Relationship[];
  /** The entry of a part; names compare without case, ECMA-376-2 6.3.5. */
  entry(name: string): ZipEntry | undefined;
  /** A part, or `undefined` if it is not there. Throws `LIMIT_EXCEEDED`, `MALFORMED_CONTAINER`, `UNSUPPORTED_FORMAT`. */
  read(name: string): Promise<Uint8Array | undefined>;
}

export const contentTypesName = '[Content_Types].xml';
const relationshipsName = '_rels/.rels';

/**
 * Opens a package. `undefined` for a ZIP archive that is none.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`
 */
export async function openPackage(
  source: ByteSource,
  options: LabelPlaceOptions = {},
): Promise<OfficePackage | undefined> {
  const { head, signal } = options;
  const archive = await readZip(source, { head, signal });
  const byName = new Map<string, ZipEntry>();
  const ambiguous = new Set<string>();
  for (const each of archive.entries.values()) {
    const key = each.name.toLowerCase();
    if (byName.has(key)) ambiguous.add(key);
    byName.set(key, each);
  }
  const entry = (name: string): ZipEntry | undefined => {
    const key = name.toLowerCase();
    if (ambiguous.has(key)) throw malformedPart(name, 'is there twice, in upper and lower case');
    return byName.get(key);
  };
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    const part = entry(name);
    return part === undefined ? undefined : archive.read(part, maxima.partBytes, { signal });
  };
  const stored = entry(relationshipsName);
  if (stored === undefined || entry(contentTypesName) === undefined) return undefined;
  const part = readXmlPart(await archive.read(stored, maxima.partBytes, { signal }));
  const relationships = part && readRelationships(part.root);
  if (part === undefined || relationships === undefined)
    throw malformedPart(relationshipsName, 'holds no relationships we can read');
  return Object.freeze({
    archive,
    relationshipsName: stored.name,
    relationshipsPart: part,
    relationships,
    entry,
    read,
  });
}

/** The error for a part that must be read to go on. */
export const malformedPart = (name: string, problem: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The Office document is damaged: its part ${name} ${problem}. Open and save it in Office, then try again.`,
  );
