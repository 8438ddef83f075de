import { encodeUtf8, memorySource } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { compoundFileSource, layoutCompoundFile, type NewRoot } from '../../compound-file/layout.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import { contents } from '../../compound-file/read-everything.test-support.ts';
import type { FileAttachment, HeaderField, MailBody, MailMessage } from '../mail-message.ts';
import { bodyText } from './body-properties.ts';

export const fileOf = (bytes: Uint8Array): Promise<CompoundFile> => readCompoundFile(memorySource(bytes));

/** The file of a root, and its bytes. */
export const written = (root: NewRoot): Promise<CompoundFile> =>
  readCompoundFile(compoundFileSource(layoutCompoundFile(root)));

export async function bytesOf(root: NewRoot): Promise<Uint8Array> {
  const source = compoundFileSource(layoutCompoundFile(root));
  return (await source.read(0, source.size as number)).slice();
}

/** Every stream of a file, to be compared. */
export const streamsOf = async (file: CompoundFile): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await contents(file)).map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]),
  );

export const field = (message: MailMessage, name: string): string | undefined =>
  message.fields.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;

export const text = async (message: MailMessage, kind: 'plain' | 'html'): Promise<string | undefined> =>
  message.body && bodyText(message.body, kind);

/** A message of text, as it might come from MIME. */
export const message = (
  fields: Readonly<Record<string, string>>,
  body: Partial<Record<'plain' | 'html', string>>,
  attachments: MailMessage['attachments'] = [],
): MailMessage => ({
  fields: Object.entries(fields).map(([name, value]): HeaderField => ({ name, value })),
  body: bodyOf(body),
  attachments,
});

const bodyOf = ({ plain, html }: Partial<Record<'plain' | 'html', string>>): MailBody | undefined =>
  plain === undefined && html === undefined
    ? undefined
    : {
        native: html === undefined ? 'plain' : 'html',
        codePage: 65001,
        plain: plain === undefined ? undefined : memorySource(encodeUtf8(plain)),
        html: html === undefined ? undefined : memorySource(encodeUtf8(html)),
      };

export const noFacts = {
  name: undefined,
  contentType: undefined,
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
};

export const attachment = (
  name: string,
  content: Uint8Array | string,
  facts: Partial<FileAttachment> = {},
): FileAttachment => ({
  ...noFacts,
  kind: 'file',
  name,
  contentType: 'application/octet-stream',
  ...facts,
  content: memorySource(typeof content === 'string' ? encodeUtf8(content) : content),
});
