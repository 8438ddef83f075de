import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { copySource, encodeUtf8, type WaitOptions } from '../bytes/index.ts';
import type { MessageContent, OpenedAttachment, OpenedMessage } from '../protection/index.ts';
import { fileError, outputExists } from './file-error.ts';
import { createFileSink } from './file-sink.ts';
import { makeFolder } from './make-folder.ts';
import { safeFileName } from './safe-file-name.ts';
import { syncFolder } from './sync-folder.ts';
import { temporaryName } from './temporary-name.ts';

/** Options of saving a message as a folder. */
export interface SaveMessageOptions extends WaitOptions {
  /** Replace a folder that is there already, with all that is in it; by default that is refused with `OUTPUT_EXISTS`. */
  readonly overwrite?: boolean | undefined;
}

/** A message that was saved as a folder. */
export interface SavedMessage {
  /** The folder. */
  readonly path: string;
  /** Paths of the files in it, from the folder on. */
  readonly files: readonly string[];
  /** Bytes of all of them. */
  readonly size: number;
}

/** Where the files go while the folder is made, and what is there already. */
interface Writing extends WaitOptions {
  readonly root: string;
  readonly files: string[];
  size: number;
}

/**
 * Writes a message into a new folder within `folder`, which is there whole or not at all (spec/files.md, "Names from messages").
 *
 * @param name of the message's file; the folder is called like it
 */
export async function saveMessage(
  message: OpenedMessage,
  name: string,
  folder: string,
  { signal, overwrite = false }: SaveMessageOptions = {},
): Promise<SavedMessage> {
  const path = join(folder, safeFileName(name.replace(/\.(?:eml|msg|rpmsg)$/i, ''), 'message', new Map()));
  try {
    makeFolder(folder, true);
    const root = join(folder, temporaryName('message'));
    mkdirSync(root, { mode: 0o700 });
    const writing: Writing = { root, files: [], size: 0, signal };
    try {
      await writeContent(message, '', writing);
      signal?.throwIfAborted();
      putInPlace(root, path, overwrite);
    } catch (error) {
      rmSync(root, { recursive: true, force: true });
      throw error;
    }
    await syncFolder(folder);
    return Object.freeze({ path, files: Object.freeze(writing.files), size: writing.size });
  } catch (error) {
    throw fileError(error, { action: 'write', path });
  }
}

function putInPlace(root: string, path: string, overwrite: boolean): void {
  const aside = `${root}.old`;
  let moved = false;
  try {
    // A rename would replace an empty folder without a word.
    mkdirSync(path, { mode: 0o700 });
    rmSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (!overwrite) throw outputExists(path);
    renameSync(path, aside);
    moved = true;
  }
  try {
    renameSync(root, path);
  } catch (error) {
    if (moved) renameSync(aside, path);
    throw error;
  }
  if (moved) rmSync(aside, { recursive: true, force: true });
}

async function writeContent(message: MessageContent, prefix: string, writing: Writing): Promise<void> {
  const taken = new Map<string, number>();
  const names = message.attachments.map((each, index) =>
    safeFileName(fileName(each), `attachment-${index + 1}`, taken),
  );
  await writeText(`${prefix}header.txt`, headerText(message), writing);
  const text = await message.text(writing);
  if (text !== undefined) await writeText(`${prefix}message.txt`, text, writing);
  const html = await message.html(writing);
  if (html !== undefined)
    // The mark says that the bytes are UTF-8, whatever the document says they were.
    await writeText(`${prefix}message.html`, `\ufeff${withFileLinks(html, message, names)}`, writing);
  const folder = `${prefix}attachments`;
  if (names.length > 0) mkdirSync(join(writing.root, folder), { mode: 0o700 });
  for (const [index, attachment] of message.attachments.entries())
    await writeAttachment(attachment, `${folder}/${names[index]}`, writing);
}

/** A message within the message gets a folder of its own, and is called what it is about. */
const fileName = ({ name, message }: OpenedAttachment): string | undefined =>
  message === undefined ? name : (message.subject ?? name?.replace(/\.(?:eml|msg)$/i, ''));

async function writeAttachment(
  { source, message }: OpenedAttachment,
  path: string,
  writing: Writing,
): Promise<void> {
  if (message !== undefined) {
    mkdirSync(join(writing.root, path), { mode: 0o700 });
    return writeContent(message, `${path}/`, writing);
  }
  if (source === undefined) return;
  const sink = await createFileSink(join(writing.root, path), { expectedSize: source.size });
  try {
    writing.size += await copySource(source, sink, writing);
    await sink.sync();
  } finally {
    await sink.close();
  }
  writing.files.push(path.replaceAll('/', sep));
}

async function writeText(path: string, text: string, writing: Writing): Promise<void> {
  const bytes = encodeUtf8(text);
  const sink = await createFileSink(join(writing.root, path), { expectedSize: bytes.length });
  try {
    await sink.write(bytes, writing);
    await sink.sync();
  } finally {
    await sink.close();
  }
  writing.files.push(path.replaceAll('/', sep));
  writing.size += bytes.length;
}

const headerText = ({ fields }: MessageContent): string =>
  fields.map(({ name, value }) => `${name}: ${value.trim().replace(/\r?\n/g, '\r\n')}\r\n`).join('');

/** Links to what is shown within the text lead to the files. */
function withFileLinks(html: string, { attachments }: MessageContent, names: readonly string[]): string {
  const files = new Map<string, string>();
  for (const [index, { contentId }] of attachments.entries())
    if (contentId !== undefined)
      files.set(contentId, `attachments/${encodeURIComponent(names[index] as string)}`);
  return html.replace(/\bcid:([^\s"'<>)]{1,512})/gi, (link, id: string) => files.get(id) ?? link);
}
