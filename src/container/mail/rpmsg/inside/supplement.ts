import {
  type ByteSource,
  decodeUtf8,
  encodeUtf8,
  maxima,
  memorySource,
  type WaitOptions,
} from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { CompoundEntry, CompoundFile, CompoundStorage } from '../../../compound-file/compound-file.ts';
import type { NewStorage, NewStream } from '../../../compound-file/new-compound-file.ts';
import type { MailMessage } from '../../mail-message.ts';
import {
  supplementEmbeddedPrefix,
  supplementFactsStream,
  supplementOriginalStream,
  supplementPlainStream,
  supplementStorage,
} from '../names.ts';

/** What an attachment says that its description has no place for. */
interface KeptFacts {
  readonly contentType?: string | undefined;
  readonly inline?: boolean | undefined;
}

/** What was kept of a message that the format has no place for (spec/mail.md, "Inside"). */
export interface Supplement {
  /** Bodies that the format asks for and the message did not have. */
  readonly madeUp: readonly string[];
  readonly attachments: readonly KeptFacts[];
  readonly original: MailMessage['original'];
  /** The plain text beside HTML or RTF; of a message within, always. */
  readonly plain: ByteSource | undefined;
  /** Of a message within: the code page of `plain`. */
  readonly codePage: number | undefined;
  /** Of messages within, by the number of the attachment. */
  readonly embedded: ReadonlyMap<number, Supplement>;
}

/** What there is where nothing was kept. */
export const noSupplement: Supplement = Object.freeze({
  madeUp: [],
  attachments: [],
  original: undefined,
  plain: undefined,
  codePage: undefined,
  embedded: new Map(),
});

const formatVersion = 1;

/** The storage that keeps it; none where there is nothing to keep. */
export function supplementEntries(
  message: MailMessage,
  madeUp: readonly string[],
  plain: ByteSource | undefined,
): readonly NewStorage[] {
  const facts = {
    madeUp,
    attachments: message.attachments.map(({ contentType, inline }) => ({ contentType, inline })),
  };
  const storage = storageOf(supplementStorage, message, facts, plain, 0);
  return storage === undefined ? [] : [storage];
}

function storageOf(
  name: string,
  { original, attachments, body }: MailMessage,
  facts: { readonly madeUp: readonly string[]; readonly attachments: readonly KeptFacts[] } | undefined,
  plain: ByteSource | undefined,
  depth: number,
): NewStorage | undefined {
  if (depth > maxima.mailDepth) return undefined;
  const entries: (NewStorage | NewStream)[] = [];
  for (const [number, attachment] of attachments.entries()) {
    if (attachment.kind !== 'message') continue;
    const inner = `${supplementEmbeddedPrefix}${number}`;
    const embedded = storageOf(inner, attachment.message, undefined, undefined, depth + 1);
    if (embedded !== undefined) entries.push(embedded);
  }
  // An Outlook item within is written with all of its properties.
  const kept = facts === undefined && original?.form === 'msg' ? undefined : original;
  if (facts === undefined && kept === undefined && entries.length === 0) return undefined;
  // Its text travels in Unicode, which not every code page can be made from again byte by byte.
  const text = facts === undefined && kept !== undefined ? body?.plain : undefined;
  const codePage = text === undefined ? undefined : body?.codePage;
  const stated = { version: formatVersion, form: kept?.form, codePage, ...facts };
  entries.push({ kind: 'stream', name: supplementFactsStream, content: encodeUtf8(JSON.stringify(stated)) });
  if (kept !== undefined)
    entries.push({ kind: 'stream', name: supplementOriginalStream, content: kept.bytes });
  const ownText = plain ?? text;
  if (ownText !== undefined) entries.push({ kind: 'stream', name: supplementPlainStream, content: ownText });
  return { kind: 'storage', name, entries };
}

/** Reads what was kept. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export async function readSupplement(file: CompoundFile, options?: WaitOptions): Promise<Supplement> {
  const storage = file.find(supplementStorage);
  if (storage?.kind !== 'storage') return noSupplement;
  return readStorage(
    { file, budget: { left: maxima.mailOriginalBytes, storages: maxima.mailParts }, options },
    storage,
    0,
  );
}

interface Reading {
  readonly file: CompoundFile;
  /** Bytes that may still be read into memory, and messages within that may still be looked at. */
  readonly budget: { left: number; storages: number };
  readonly options: WaitOptions | undefined;
}

async function readStorage(reading: Reading, storage: CompoundStorage, depth: number): Promise<Supplement> {
  const facts = factsOf(await readSmall(reading, named(storage, supplementFactsStream)));
  const bytes = await readSmall(reading, named(storage, supplementOriginalStream));
  const plain = named(storage, supplementPlainStream);
  const embedded = new Map<number, Supplement>();
  for (const entry of depth < maxima.mailDepth ? storage.entries : []) {
    const number = numberOf(entry);
    if (entry.kind !== 'storage' || number === undefined) continue;
    if (--reading.budget.storages < 0) throw tooMuch(`structures of ${maxima.mailParts} messages`);
    embedded.set(number, await readStorage(reading, entry, depth + 1));
  }
  return Object.freeze({
    madeUp: facts.madeUp,
    attachments: facts.attachments,
    original:
      bytes !== undefined && facts.form !== undefined
        ? Object.freeze({ form: facts.form, bytes })
        : undefined,
    plain:
      plain === undefined
        ? undefined
        : plain.size === 0
          ? memorySource(new Uint8Array(0))
          : reading.file.open(plain, true),
    codePage: facts.codePage,
    embedded,
  });
}

function named(storage: CompoundStorage, name: string) {
  const entry = storage.entries.find((each) => each.name === name);
  return entry?.kind === 'stream' ? entry : undefined;
}

function numberOf({ name }: CompoundEntry): number | undefined {
  const digits = name.startsWith(supplementEmbeddedPrefix) ? name.slice(supplementEmbeddedPrefix.length) : '';
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}

async function readSmall(
  { file, budget, options }: Reading,
  entry: ReturnType<typeof named>,
): Promise<Uint8Array | undefined> {
  if (entry === undefined) return undefined;
  budget.left -= entry.size;
  if (budget.left < 0) throw tooMuch(`${maxima.mailOriginalBytes} bytes of the structure of its original`);
  return file.read(entry, entry.size, options);
}

const tooMuch = (what: string): SealwrightError =>
  new SealwrightError('LIMIT_EXCEEDED', `The protected message keeps more than ${what}.`);

interface Facts {
  readonly form: 'mime' | 'msg' | undefined;
  readonly codePage: number | undefined;
  readonly madeUp: readonly string[];
  readonly attachments: readonly KeptFacts[];
}

function factsOf(bytes: Uint8Array | undefined): Facts {
  const stated = parsed(bytes);
  // A later version may mean something else by the same words.
  if (stated.version !== formatVersion)
    return { form: undefined, codePage: undefined, madeUp: [], attachments: [] };
  const { form, codePage, madeUp, attachments } = stated;
  return {
    form: form === 'mime' || form === 'msg' ? form : undefined,
    codePage:
      Number.isInteger(codePage) && Number(codePage) >= 0 && Number(codePage) <= 0xffff
        ? Number(codePage)
        : undefined,
    madeUp: listOf(madeUp).filter((each) => typeof each === 'string'),
    attachments: listOf(attachments)
      .slice(0, maxima.mailParts)
      .map((each) => {
        const { contentType, inline } = (each ?? {}) as Readonly<Record<string, unknown>>;
        return {
          contentType: typeof contentType === 'string' ? contentType : undefined,
          inline: typeof inline === 'boolean' ? inline : undefined,
        };
      }),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parsed(bytes: Uint8Array | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes ?? new Uint8Array(0)));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Told below.
  }
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    'The protected message is damaged: what it keeps of its original cannot be read. Ask for it to be sent again.',
  );
}
