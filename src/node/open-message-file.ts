import { basename } from 'node:path';
import { type OpenedMessage, type OpenOptions, openMessage } from '../protection/index.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import { type SavedMessage, type SaveMessageOptions, saveMessage } from './save-message.ts';

/** An {@link OpenedMessage} over a file. Close it when done: that wipes the key and closes the file. */
export interface OpenedMessageFile extends Omit<OpenedMessage, 'close'> {
  /** Path of the protected file. */
  readonly path: string;
  /**
   * Writes the message into a new folder within `folder`: header, text, HTML, and the attachments under safe names.
   * Only the user may read them. Throws `OUTPUT_EXISTS`, `PERMISSION_DENIED`, `NO_SPACE`, `IO_FAILED`, `DECRYPTION_FAILED`.
   */
  saveIn(folder: string, options?: SaveMessageOptions): Promise<SavedMessage>;
  close(): Promise<void>;
}

/**
 * Opens the protected message at `path` for the user the service acts for.
 *
 * @param path a `.eml`, a `.msg` or a bare `message.rpmsg`; symbolic links are followed
 * @param options the service, as for `openMessage`
 * @throws SealwrightError as `openMessage`, and `FILE_NOT_FOUND`, `NOT_A_FILE`, `PERMISSION_DENIED`, `IO_FAILED`
 * @see spec/mail.md, "Opening"; spec/files.md, "Names from messages"
 *
 * @example
 * ```ts
 * import { openMessageFile } from 'sealwright/node';
 * const message = await openMessageFile('offer.eml', { service: authority.as('bob@contoso.com') });
 * const { path } = await message.saveIn('opened'); // opened/offer
 * await message.close();
 * ```
 */
export async function openMessageFile(path: string, options: OpenOptions): Promise<OpenedMessageFile> {
  const source = await openFileSource(path);
  try {
    const message = await openMessage(source, { ...options, name: options.name ?? basename(path) });
    return messageFile(source, message, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

const messageFile = (source: FileSource, message: OpenedMessage, options: OpenOptions): OpenedMessageFile =>
  Object.freeze({
    ...message,
    path: source.path,
    saveIn: (folder, save = {}) =>
      saveMessage(message, basename(source.path), folder, { signal: options.signal, ...save }),
    async close() {
      message.close();
      await source.close();
    },
  } satisfies OpenedMessageFile);
