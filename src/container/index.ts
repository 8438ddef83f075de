export {
  type ContainerContents,
  type ContainerFormat,
  type ContainerHeader,
  type ContainerName,
  detectionBytes,
  type ProtectedContainer,
} from './container-format.ts';
export { extensionOf } from './pfile/extension.ts';
export { type PfileFormat, pfileFormat } from './pfile/format.ts';
export { type PfileHeader, type PfilePart, serializePfileHeader } from './pfile/header.ts';
export type { PfileContainer } from './pfile/read.ts';
export { type RecognisedInput, recognise } from './recognise/recognise.ts';
export { containerFormats, detectContainer } from './registry.ts';
