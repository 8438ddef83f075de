import { type ByteSource, maxima, memorySource, type WaitOptions } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { CompoundFile, CompoundStorage } from '../../../compound-file/compound-file.ts';
import type { AttachmentFacts, MailAttachment } from '../../mail-message.ts';
import { damagedEnvelope } from '../envelope/block.ts';
import {
  attachmentPrefix,
  attachmentsStorage,
  contentsStream,
  descriptionStream,
  embeddedStorage,
  iconStream,
  objectStorage,
} from '../names.ts';
import { ansiCodePage } from './ansi-code-page.ts';
import {
  type AttachmentDescription,
  attachMethods,
  mostDescriptionBytes,
  parseDescription,
} from './attachment-description.ts';
import { withoutPath } from './attachment-names.ts';
import type { BodyInfo } from './body-streams.ts';
import { readEmbedded } from './embedded-message.ts';
import type { Supplement } from './supplement.ts';

/**
 * Reads the attachments: what they are, not what they hold (spec/mail.md, "Attachments").
 *
 * @param isShown whether the body shows what has a content id
 *
 * Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export async function readAttachments(
  file: CompoundFile,
  info: BodyInfo,
  supplement: Supplement,
  isShown: (contentId: string) => Promise<boolean>,
  options?: WaitOptions,
): Promise<readonly MailAttachment[]> {
  const attachments: MailAttachment[] = [];
  let described = 0;
  for (const [index, storage] of attachmentStorages(file).entries()) {
    const entry = inside(storage, descriptionStream);
    if (entry?.kind !== 'stream') throw damagedEnvelope('an attachment has no description');
    described += entry.size;
    if (described > mostDescriptionBytes)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The attachments of the protected message have descriptions of more than ${mostDescriptionBytes} bytes.`,
      );
    const description = parseDescription(
      await file.read(entry, mostDescriptionBytes, options),
      ansiCodePage(info.codePage),
    );
    const kept = supplement.attachments[index];
    const { contentId, rendered } = description;
    const inline =
      kept?.inline ?? (rendered === true || (contentId !== undefined && (await isShown(contentId))));
    const facts = factsOf(description, inline, kept?.contentType);
    attachments.push(await readContent(file, storage, description.method, facts, supplement, index, options));
  }
  return Object.freeze(attachments);
}

/** By their numbers; the list of their names is not relied upon, because it may be cut. */
function attachmentStorages(file: CompoundFile): readonly CompoundStorage[] {
  const all = file.find(attachmentsStorage);
  const found: { readonly number: number; readonly storage: CompoundStorage }[] = [];
  for (const storage of all?.kind === 'storage' ? all.entries : []) {
    const digits = storage.name.slice(attachmentPrefix.length);
    const begins =
      storage.name.slice(0, attachmentPrefix.length).toUpperCase() === attachmentPrefix.toUpperCase();
    if (storage.kind === 'storage' && begins && /^\d{1,9}$/.test(digits))
      found.push({ number: Number(digits), storage });
  }
  if (found.length > maxima.mailParts)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The protected message has ${found.length} attachments; at most ${maxima.mailParts} are read.`,
    );
  return found.sort((a, b) => a.number - b.number).map(({ storage }) => storage);
}

function factsOf(
  description: AttachmentDescription,
  inline: boolean,
  contentType: string | undefined,
): AttachmentFacts {
  const { longFileName, fileName, displayName, contentId, contentLocation, created, modified } = description;
  const stated = longFileName ?? fileName ?? displayName;
  // The name of a message is its subject, where a slash is a slash.
  const name =
    stated !== undefined && description.method === attachMethods.byValue ? withoutPath(stated) : stated;
  return {
    name: name === '' ? undefined : name,
    contentType,
    contentId: contentId?.replaceAll(/^<|>$/g, ''),
    contentLocation,
    inline,
    created,
    modified,
  };
}

async function readContent(
  file: CompoundFile,
  storage: CompoundStorage,
  method: number,
  facts: AttachmentFacts,
  supplement: Supplement,
  index: number,
  options: WaitOptions | undefined,
): Promise<MailAttachment> {
  const embedded = inside(storage, embeddedStorage);
  if (method === attachMethods.embeddedMessage && embedded?.kind === 'storage') {
    const message = await readEmbedded(file, embedded, supplement.embedded.get(index), options);
    return Object.freeze({ ...facts, kind: 'message', message });
  }
  if (method === attachMethods.storage)
    return Object.freeze({ ...facts, kind: 'storage', storage: objectOf(storage), open: file.open });
  const contents = inside(storage, contentsStream);
  if (method !== attachMethods.byValue) throw damagedEnvelope('an attachment is carried in an unknown way');
  const content: ByteSource =
    contents?.kind === 'stream' ? file.open(contents, true) : memorySource(new Uint8Array(0));
  return Object.freeze({ ...facts, kind: 'file', content });
}

const ours = [descriptionStream, iconStream].map((name) => name.toUpperCase());

/** The object's own storage: all that is not said about it. */
function objectOf(storage: CompoundStorage): CompoundStorage {
  const own = inside(storage, objectStorage);
  const entries =
    own?.kind === 'storage'
      ? own.entries
      : storage.entries.filter(({ name }) => !ours.includes(name.toUpperCase()));
  return Object.freeze({ ...storage, entries: Object.freeze(entries) });
}

const inside = (storage: CompoundStorage, name: string) =>
  storage.entries.find((entry) => entry.name.toUpperCase() === name.toUpperCase());
