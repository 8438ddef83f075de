import { type ByteReader, ByteWriter } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { readUnicodeText, writeUnicodeText } from './padded-text.ts';
import { readerFor, tailOf } from './reader-for.ts';

/** A major and a minor number, compared in that order, [MS-OFFCRYPTO] 2.1.4. */
export interface VersionNumber {
  readonly major: number;
  readonly minor: number;
}

/** What the three versions of a structure ask for: who may read it, who may change it, who wrote it. */
export interface Versions {
  readonly reader: VersionNumber;
  readonly updater: VersionNumber;
  readonly writer: VersionNumber;
}

/** The `Version` stream, [MS-OFFCRYPTO] 2.1.5. */
export interface DataSpaceVersion {
  /** What the data spaces are for: `Microsoft.Container.DataSpaces`. */
  readonly feature: string;
  readonly versions: Versions;
  /** Bytes behind the known fields. */
  readonly tail: Uint8Array;
}

const one: VersionNumber = Object.freeze({ major: 1, minor: 0 });

/** The versions that are written. */
export const currentVersions: Versions = Object.freeze({ reader: one, updater: one, writer: one });

const feature = 'Microsoft.Container.DataSpaces';

/** The `Version` stream that is written. */
export const currentVersion: DataSpaceVersion = Object.freeze({
  feature,
  versions: currentVersions,
  tail: new Uint8Array(0),
});

export const versionText = ({ major, minor }: VersionNumber): string => `${major}.${minor}`;

const isNewer = ({ major, minor }: VersionNumber): boolean => major > 1 || (major === 1 && minor > 0);

export function readVersions(reader: ByteReader): Versions {
  const next = (field: string): VersionNumber =>
    Object.freeze({ major: reader.uint16(field), minor: reader.uint16(field) });
  return Object.freeze({
    reader: next('reader version'),
    updater: next('updater version'),
    writer: next('writer version'),
  });
}

export function writeVersions(writer: ByteWriter, { reader, updater, writer: by }: Versions): void {
  for (const { major, minor } of [reader, updater, by]) writer.uint16(major).uint16(minor);
}

/** Takes a `Version` stream apart. Throws `MALFORMED_CONTAINER`. */
export function parseVersion(bytes: Uint8Array): DataSpaceVersion {
  const reader = readerFor(bytes, 'Version stream of the Office file');
  const stated = readUnicodeText(reader, 'feature');
  if (stated !== feature) throw reader.malformed(`it is not about ${feature}`);
  return Object.freeze({ feature: stated, versions: readVersions(reader), tail: tailOf(reader) });
}

/** Gives the bytes {@link parseVersion} read. */
export function serializeVersion(version: DataSpaceVersion): Uint8Array {
  const writer = new ByteWriter();
  writeUnicodeText(writer, version.feature);
  writeVersions(writer, version.versions);
  return writer.bytes(version.tail).toBytes();
}

/** Refuses what only readers of a newer version understand, with `UNSUPPORTED_VERSION`, [MS-OFFCRYPTO] 2.1. */
export function checkReadable({ reader }: Versions, what: string): void {
  if (!isNewer(reader)) return;
  throw new SealwrightError(
    'UNSUPPORTED_VERSION',
    `The ${what} asks for readers of version ${versionText(reader)}; this one knows version 1.0. Update Sealwright, or open the file in its application.`,
  );
}

/** Whether programs that know version 1.0 may change the file, [MS-OFFCRYPTO] 2.1. */
export const mayBeModified = ({ updater }: Versions): boolean => !isNewer(updater);
