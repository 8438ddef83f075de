import { type ByteSource, maxima, memorySource, wipe, writtenBytes } from '../bytes/index.ts';
import type { DocumentPart, DocumentWriter, WrittenPart } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { UseLicense } from '../licensing/index.ts';
import { guardedSource } from './guarded-source.ts';
import { modeFor, openedContent } from './open-content.ts';
import type { OpenedContent } from './opened-content.ts';
import { admissionOf, openedFacts } from './opened-facts.ts';
import type { OpenOptions } from './options.ts';
import { type FoundDocument, isDocument, readContainer } from './read-container.ts';
import { isSameLicense } from './same-license.ts';
import { writtenStream } from './written-stream.ts';

/**
 * Where a part is in the documents around it. What its size turned out to be is kept by that: a document is opened again
 * for each writing, and would otherwise have to write its parts for nothing again, and they theirs.
 */
interface PartPlace {
  readonly path: readonly number[];
  readonly sizes: Map<string, number>;
}

/** A document, protected part by part, that `license` opens. `release` is called when it is closed. */
export function openedDocument(
  { container, format }: FoundDocument,
  license: UseLicense,
  options: OpenOptions,
  release: () => void,
  place: PartPlace = { path: [], sizes: new Map() },
): OpenedContent {
  const mode = modeFor(container, license, options);
  const key = license.contentKey;
  const admission = admissionOf(license, options);
  const { backend, signal, mailAs } = options;
  let writer: Promise<DocumentWriter> | undefined;
  let collected: Promise<ByteSource> | undefined;

  /** The document is looked into once, when something of it is asked for. */
  function opening(): Promise<DocumentWriter> {
    admission.check();
    writer ??= container.open(
      { mode, key, backend },
      {
        signal,
        mail: mailAs,
        openPart: (part, wait) =>
          openedPart(part, container.publishingLicense, license, { ...options, ...wait }, place),
      },
    );
    writer.catch(() => {
      writer = undefined; // a failing disk may answer the next time
    });
    return writer;
  }
  const opened: OpenedContent = {
    ...openedFacts(format, container, mode, license, options),
    ...(format.name === 'mail' &&
      mailAs !== undefined &&
      options.name !== undefined && { name: format.originalName(options.name, `.${mailAs}`) }),
    size: undefined,
    stream: (transfer) => writtenStream((sink) => opened.writeTo(sink, transfer)),
    bytes: (transfer) => writtenBytes((sink) => opened.writeTo(sink, transfer)),
    async writeTo(sink, transfer) {
      const document = await opening();
      const admitted = {
        write(bytes: Uint8Array) {
          admission.check();
          return sink.write(bytes, transfer);
        },
      };
      return document.writeTo(admitted, { signal, ...transfer });
    },
    /** Its parts have to be put together before any place in it is known. */
    source() {
      admission.check();
      collected ??= writtenBytes((sink) => opened.writeTo(sink), maxima.collectedBytes).then((bytes) =>
        guardedSource(memorySource(bytes), admission.check),
      );
      collected.catch(() => {
        collected = undefined;
      });
      return collected;
    },
    async read(offset, length, wait) {
      const source = await opened.source();
      return source.read(offset, length, wait);
    },
    close() {
      admission.close();
      wipe(key);
      release();
    },
  };
  return Object.freeze(opened);
}

/**
 * An attachment that is protected under the very license of the document it travels in; deeper than `maxima.mailDepth`
 * they stay protected.
 */
export async function openedPart(
  { name, index, source }: DocumentPart,
  publishingLicense: Uint8Array,
  license: UseLicense,
  options: OpenOptions,
  { path, sizes }: PartPlace = { path: [], sizes: new Map() },
): Promise<WrittenPart | undefined> {
  if (path.length >= maxima.mailDepth) return undefined;
  const place = { path: [...path, index], sizes };
  const key = place.path.join('/');
  // What was chosen for the message is not meant for what travels in it.
  const settings = { ...options, name, mailAs: undefined };
  const found = await readContainer(source, settings).catch((error: unknown) => {
    // What is no protected file, or a damaged one, stays as it is. A source that fails is no such thing.
    if (error instanceof SealwrightError && error.code !== 'IO_FAILED') return undefined;
    throw error;
  });
  if (found === undefined || !isSameLicense(found.container.publishingLicense, publishingLicense))
    return undefined;
  const keep = (): void => undefined;
  const part = isDocument(found)
    ? openedDocument(found, license, settings, keep, place)
    : openedContent(found, license, settings, keep);
  return {
    name: part.name,
    size: part.size ?? sizes.get(key),
    async writeTo(sink, transfer) {
      const size = await part.writeTo(sink, transfer);
      sizes.set(key, size);
      return size;
    },
  };
}
