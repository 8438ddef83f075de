/** The storage that says how content is protected, [MS-OFFCRYPTO] 2.1.1. */
export const dataSpacesStorage = '\x06DataSpaces';
export const versionStream = 'Version';
export const mapStream = 'DataSpaceMap';
export const definitionsStorage = 'DataSpaceInfo';
export const transformsStorage = 'TransformInfo';
/** In the storage of each transform, [MS-OFFCRYPTO] 2.1.8. */
export const primaryStream = '\x06Primary';
/** In `TransformInfo`, beside the storages of the transforms, [MS-OFFCRYPTO] 2.6.2. */
export const labelInfoStream = 'LabelInfo';
/** Begins the names of use licenses kept in a transform's storage, [MS-OFFCRYPTO] 2.2.7. */
export const useLicensePrefix = 'EUL-';
/** Password encryption beside or without data spaces, [MS-OFFCRYPTO] 2.3.4. */
export const encryptionInfoStream = 'EncryptionInfo';

/** Names that go together for one kind of document, [MS-OFFCRYPTO] 2.2.1 to 2.2.4. */
export interface ProtectedNames {
  /** The stream with the encrypted content, in the root. */
  readonly content: string;
  readonly dataSpace: string;
  readonly transform: string;
}

/** Office Open XML. */
export const packageNames: ProtectedNames = Object.freeze({
  content: 'EncryptedPackage',
  dataSpace: 'DRMEncryptedDataSpace',
  transform: 'DRMEncryptedTransform',
});

/** Word, Excel and PowerPoint 97-2003, and mail. */
export const binaryNames: ProtectedNames = Object.freeze({
  content: '\x09DRMContent',
  dataSpace: '\x09DRMDataSpace',
  transform: '\x09DRMTransform',
});
