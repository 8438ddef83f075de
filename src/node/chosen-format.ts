import type { WaitOptions } from '../bytes/index.ts';
import { type AnyFormat, type ContainerName, containerFormats } from '../container/index.ts';
import { chooseFormat, recogniseDocument } from '../protection/index.ts';
import type { FileSource } from './file-source.ts';

/** What decides on the format of a file that is to be protected. */
export interface FormatChoice extends WaitOptions {
  readonly name: string;
  readonly format?: ContainerName | undefined;
}

/**
 * The format a file will be protected in. The new file's name depends on it, and must be free before a
 * license is asked for. Whether the format that was asked for takes the file is left to `protect`, which
 * says first if the file is protected already.
 */
export async function chosenFormat(source: FileSource, choice: FormatChoice): Promise<AnyFormat> {
  return choice.format === undefined
    ? (await chooseFormat(await recogniseDocument(source, choice), choice)).format
    : formatNamed(choice.format);
}

/** The format with this name. */
export function formatNamed(name: ContainerName): AnyFormat {
  return containerFormats.find((format) => format.name === name) as AnyFormat;
}
