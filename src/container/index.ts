export type {
  CompoundEntry,
  CompoundFile,
  CompoundStorage,
  CompoundStream,
} from './compound-file/compound-file.ts';
export { isCompoundFile } from './compound-file/signature.ts';
export {
  type ContainerContents,
  type ContainerFormat,
  type ContainerHeader,
  type ContainerName,
  type ContainerReadOptions,
  type ContentInsertion,
  type DocumentInput,
  detectionBytes,
  type ProtectedContainer,
} from './container-format.ts';
export { type OfficeContainer, type OfficeFormat, officeFormat } from './office/format.ts';
export { extensionOf } from './pfile/extension.ts';
export { type PfileFormat, pfileFormat } from './pfile/format.ts';
export { type PfileHeader, type PfilePart, serializePfileHeader } from './pfile/header.ts';
export type { PfileContainer } from './pfile/read.ts';
export { type RecognisedInput, type Recognition, recognise } from './recognise/recognise.ts';
export { containerFormats } from './registry.ts';
