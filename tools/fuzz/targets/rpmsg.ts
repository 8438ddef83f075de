import { type ByteSource, concatBytes, memorySource } from '../../../src/bytes/index.ts';
import { cipherMode, cipherModeNames } from '../../../src/cipher/index.ts';
import type { DocumentWriter, PartCipher } from '../../../src/container/document-format.ts';
import type { MailMessage } from '../../../src/container/mail/mail-message.ts';
import { findProtectedPart } from '../../../src/container/mail/mime/index.ts';
import {
  decryptedRpmsg,
  envelopeSink,
  inflatedEnvelope,
  isRpmsg,
  readRpmsg,
  readRpmsgContent,
  rpmsgWriter,
} from '../../../src/container/mail/rpmsg/index.ts';
import { writeMail } from '../../../src/container/mail/write-mail.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { messageWithDocuments } from '../message-with-documents.ts';
import { openedLength, protectedFile } from '../protection.ts';
import { contentsOf, equalLists, viewed } from '../same-message.ts';
import { reshapeRpmsg } from '../shapes/rpmsg-shape.ts';
import { type FuzzTarget, fileRefusals, must } from '../target.ts';
import { wholeSource } from '../whole-source.ts';

const text = (value: string): ByteSource => memorySource(new TextEncoder().encode(value));
const license = new TextEncoder().encode(`<?xml version="1.0"?><XrML>${'a license '.repeat(200)}</XrML>`);

const cipherOf = (name: string): PartCipher => ({
  mode: cipherMode(name),
  key: new Uint8Array(name === 'MICROSOFT.ECB' ? 16 : 32).fill(7),
});

const facts = {
  name: 'a.txt',
  contentType: 'text/plain',
  contentId: 'a@b',
  contentLocation: undefined,
  inline: true,
  created: new Date(0),
  modified: undefined,
} as const;

const inner: MailMessage = {
  fields: [{ name: 'Subject', value: 'inner' }],
  body: { native: 'plain', codePage: 932, plain: text('inner') },
  attachments: [],
  original: { form: 'mime', bytes: new Uint8Array(20) },
};

const messages: readonly MailMessage[] = [
  { fields: [], body: { native: 'plain', codePage: 65001, plain: text('short') }, attachments: [] },
  {
    fields: [],
    body: {
      native: 'rtf',
      codePage: 1252,
      rtf: text('{\\rtf1 a}'),
      html: text('<img src="cid:a@b">'),
      plain: text('a'),
    },
    attachments: [
      { ...facts, kind: 'file', content: text('a file '.repeat(1500)) },
      { ...facts, kind: 'message', message: inner },
    ],
    original: { form: 'mime', bytes: new Uint8Array(300).fill(5) },
  },
];

/** Protected messages, what their envelopes hold, and what they hold decrypted. */
export async function rpmsgTarget(): Promise<FuzzTarget> {
  const files: Uint8Array[] = [];
  const envelopes: Uint8Array[] = [];
  const contents: Uint8Array[] = [];
  for (const message of messages)
    for (const name of cipherModeNames) {
      const by = cipherOf(name);
      const file = await written(rpmsgWriter(message, { publishingLicense: license }, by));
      files.push(file);
      envelopes.push(await wholeSource(await inflatedEnvelope(memorySource(file))));
      if (name === 'MICROSOFT.ECB')
        contents.push(await wholeSource(await decryptedRpmsg(await readRpmsg(memorySource(file)), by)));
    }
  const documents = await Promise.all(
    (['MICROSOFT.CBC4K', 'SEALWRIGHT.GCM64K'] as const).map(protectedDocuments),
  );
  contents.push(...documents.map(({ content }) => content));
  return {
    refusals: fileRefusals,
    habits: { head: 64, reshape: reshapeRpmsg },
    samples: [...files, ...envelopes, ...contents, ...contents, ...contents],
    async check(input, thorough) {
      if (isRpmsg(input)) return checkFile(input, thorough);
      // What was changed within is packed again, so that it is reached.
      try {
        const message = await readRpmsgContent(memorySource(input));
        const outcome = `inside: ${await readAll(message, thorough)}`;
        // Attachments are opened that are under the license of the message.
        if (thorough || documentsWithin(message))
          for (const { mode, publishingLicense } of documents) {
            const file = await written(rpmsgWriter(message, { publishingLicense }, cipherOf(mode)));
            await openedLength(file, 'message.rpmsg');
          }
        return outcome;
      } catch (error) {
        if (!(error instanceof SealwrightError)) throw error;
        mustBeOfFile(error);
        return checkFile(await packed(input), thorough);
      }
    },
  };
}

/** Whether there are attachments that may be protected for themselves. */
const documentsWithin = ({ attachments }: MailMessage): boolean =>
  attachments.some(({ name }) => /\.(?:docx?|pdf|eml)$/.test(name ?? ''));

/** The decrypted content of a message whose attachments are protected under its license, and that license. */
async function protectedDocuments(mode: 'MICROSOFT.CBC4K' | 'SEALWRIGHT.GCM64K') {
  const wanted = { name: 'a.eml', format: 'mail', cipherMode: mode } as const;
  const outer = await findProtectedPart(memorySource(await protectedFile(messageWithDocuments(), wanted)));
  if (outer === undefined) throw new Error('the message that was protected is none');
  const rpmsg = await readRpmsg(outer.content);
  const content = await wholeSource(await decryptedRpmsg(rpmsg, cipherOf(mode)));
  return { mode, content, publishingLicense: rpmsg.publishingLicense };
}

/** What is caught on the way is held to the same as what comes out. */
function mustBeOfFile(error: SealwrightError): void {
  if (!fileRefusals.has(error.code)) throw error;
}

async function checkFile(file: Uint8Array, thorough: boolean): Promise<string> {
  const envelope = await inflatedEnvelope(memorySource(file));
  if (thorough) {
    const size = envelope.size ?? 0;
    const whole = new Uint8Array(await envelope.read(0, Math.min(size, 1 << 20)));
    const at = Math.floor(whole.length / 2);
    const part = await envelope.read(at, 5000);
    must(
      Buffer.compare(part.subarray(0, whole.length - at), whole.subarray(at, at + part.length)) === 0,
      'random access gives other bytes',
    );
  }
  const rpmsg = await readRpmsg(memorySource(file));
  must(rpmsg.originalSize <= (rpmsg.contentLength ?? 0), 'more is stated than there is');
  let outcome = 'not opened';
  for (const name of cipherModeNames)
    try {
      const message = await readRpmsgContent(await decryptedRpmsg(rpmsg, cipherOf(name)));
      outcome = `opened: ${await readAll(message, thorough)}`;
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
      mustBeOfFile(error);
    }
  return outcome;
}

/** Reads all of a message, writes it as messages are written, and, if that is asked for, reads it again. */
async function readAll(message: MailMessage, thorough: boolean): Promise<string> {
  const read = await contentsOf(message);
  await viewed(message);
  const by = cipherOf('MICROSOFT.CBC4K');
  for (const form of ['eml', 'msg'] as const)
    if (thorough || (read.length + (read[0]?.length ?? 0)) % 2 === (form === 'eml' ? 0 : 1))
      await (await writeMail(message, form)).writeTo({ write: () => undefined });
  const again = await written(rpmsgWriter(message, { publishingLicense: license }, by));
  if (!thorough || !message.attachments.every(({ kind }) => kind === 'file')) return 'written';
  const reread = await contentsOf(
    await readRpmsgContent(await decryptedRpmsg(await readRpmsg(memorySource(again)), by)),
  );
  must(equalLists(read, reread), 'written again, a message is another');
  return 'files';
}

async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink = envelopeSink({ write: (part) => void parts.push(part.slice()) });
  await sink.write(bytes);
  await sink.end();
  return concatBytes(parts);
}

async function written(writer: DocumentWriter): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await writer.writeTo({ write: (part) => void parts.push(part.slice()) });
  return concatBytes(parts);
}
