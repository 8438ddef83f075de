import { type ByteReader, ByteWriter, maxima } from '../../../bytes/index.ts';
import { padding, readUnicodeText, readUtf8Text, writeUnicodeText } from './padded-text.ts';
import { readerFor, tailOf } from './reader-for.ts';
import { currentVersions, readVersions, type Versions, writeVersions } from './version.ts';

/** Rights management, [MS-OFFCRYPTO] 2.2.6. */
export const rightsManagementId = '{C73DFACD-061F-43B0-8B64-0C620D2A8B50}';
/** Encryption with a password, [MS-OFFCRYPTO] 2.3.4.3. */
export const passwordEncryptionId = '{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}';

/** What every transform begins with: which program undoes it, [MS-OFFCRYPTO] 2.1.8. */
export interface TransformHeader {
  /** As stored; 88, the bytes before the name, in every file of Microsoft's. */
  readonly length: number;
  readonly type: number;
  /** A class id in braces. */
  readonly id: string;
  readonly name: string;
  readonly versions: Versions;
}

/** The `\x06Primary` stream of a rights-managed file, [MS-OFFCRYPTO] 2.2.6: the publishing license is in it. */
export interface RightsManagementTransform {
  readonly header: TransformHeader;
  /** What an extensibility header longer than its own length holds, [MS-OFFCRYPTO] 2.2.5. */
  readonly extension: Uint8Array;
  /** Every byte of the license as stored; a view. Empty if there is none. */
  readonly license: Uint8Array;
  /** Everything behind the license: zeros up to four bytes, and what some writers leave there. */
  readonly tail: Uint8Array;
}

const what = 'transform of the Office file';

/** Reads which transform a `\x06Primary` stream is of, and nothing more. Throws `MALFORMED_CONTAINER`. */
export function parseTransformHeader(bytes: Uint8Array): TransformHeader {
  return readTransformHeader(readerFor(bytes, what));
}

function readTransformHeader(reader: ByteReader): TransformHeader {
  return Object.freeze({
    length: reader.uint32('length'),
    type: reader.uint32('type'),
    id: readUnicodeText(reader, 'class id'),
    name: readUnicodeText(reader, 'name'),
    versions: readVersions(reader),
  });
}

/** Whether a transform's class id is `id`; case does not count. */
export const isTransform = (header: TransformHeader, id: string): boolean => header.id.toUpperCase() === id;

/** Takes the `\x06Primary` stream of a rights-managed file apart. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export function parseRightsManagement(bytes: Uint8Array): RightsManagementTransform {
  const reader = readerFor(bytes, what);
  const header = readTransformHeader(reader);
  const extensionLength = reader.uint32('extensibility header');
  if (extensionLength < 4) throw reader.malformed('its extensibility header is too short');
  return Object.freeze({
    header,
    extension: reader.bytes(extensionLength - 4, 'extensibility header').slice(),
    license: readUtf8Text(reader, 'license', maxima.licenseBytes),
    tail: tailOf(reader),
  });
}

/** Gives the bytes {@link parseRightsManagement} read. */
export function serializeRightsManagement(transform: RightsManagementTransform): Uint8Array {
  const { header, extension, license, tail } = transform;
  const writer = new ByteWriter().uint32(header.length).uint32(header.type);
  writeUnicodeText(writer, header.id);
  writeUnicodeText(writer, header.name);
  writeVersions(writer, header.versions);
  writer.uint32(4 + extension.length).bytes(extension);
  return writer.uint32(license.length).bytes(license).bytes(tail).toBytes();
}

/** The transform that is written around a publishing license. */
export const newRightsManagement = (license: Uint8Array): RightsManagementTransform => ({
  header: {
    length: 88,
    type: 1,
    id: rightsManagementId,
    name: 'Microsoft.Metadata.DRMTransform',
    versions: currentVersions,
  },
  extension: new Uint8Array(0),
  license,
  tail: padding(license.length),
});
