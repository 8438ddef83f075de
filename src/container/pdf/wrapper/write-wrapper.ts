import { type ByteSink, concatBytes, encodeHex, encodeUtf8 } from '../../../bytes/index.ts';
import type { DocumentTransferOptions, DocumentWriter } from '../../document-format.ts';
import type { PdfCover } from '../settings.ts';
import { textString, textStringSource } from '../text-string.ts';
import { pdfValueBytes } from '../write-value.ts';
import { coverFromDocument } from './cover/cover-document.ts';
import { type CoverObjects, coverPage, type NumberedObject } from './cover/cover-page.ts';
import { md5 } from './md5.ts';
import { payloadDescription, payloadFilter, payloadName } from './payload-names.ts';

/** What a wrapper says beside its payload. */
export interface WrapperContents {
  /** An XMP packet that states labels. */
  readonly metadata?: Uint8Array | undefined;
  /** Label facts for the Info dictionary. */
  readonly labelProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly cover?: PdfCover | undefined;
}

/** Numbers of the objects that every wrapper has, in the order in which they stand in the file. */
const numbers = { catalog: 1, file: 2, info: 3, metadata: 4, payload: 5, length: 6, size: 7, checksum: 8 };
const firstOfCover = 9;

/**
 * A protected PDF in the wrapper that every reader can show (spec/pdf.md, "Wrapper"; ISO 32000-2, 7.6.7). It is
 * written in one pass: what is only known of the payload at its end stands behind it.
 *
 * @param payload the encrypted document, as it is to be embedded
 * @throws SealwrightError `INVALID_ARGUMENT` for a cover page that cannot be made
 *
 * @example
 * ```ts
 * const writer = wrapped(encryptedDocument, { cover: { languages: ['fr', 'en'] } });
 * const size = await writer.writeTo(sink);
 * ```
 */
export function wrapped(payload: DocumentWriter, contents: WrapperContents = {}): DocumentWriter {
  const { cover = {} } = contents;
  // A document of the caller's is read when it is needed.
  const known = cover.document === undefined ? frontOf(contents, coverPage(cover, firstOfCover)) : undefined;
  const size = payload.size;
  return Object.freeze({
    size:
      size === undefined || known === undefined
        ? undefined
        : known.bytes.length + size + tailOf(known, size, new Uint8Array(16), contents).length,
    async writeTo(sink: ByteSink, options?: DocumentTransferOptions): Promise<number> {
      const front =
        known ?? frontOf(contents, await coverFromDocument(cover.document as Uint8Array, firstOfCover));
      await sink.write(front.bytes, options);
      const hash = md5();
      let length = 0;
      await payload.writeTo(
        {
          write(bytes, wait) {
            hash.update(bytes);
            length += bytes.length;
            return sink.write(bytes, wait);
          },
        },
        options,
      );
      const tail = tailOf(front, length, hash.digest(), contents);
      await sink.write(tail, options);
      return front.bytes.length + length + tail.length;
    },
  });
}

/** Everything up to the payload, and where the objects in it begin. */
interface Front {
  readonly bytes: Uint8Array;
  readonly offsets: ReadonlyMap<number, number>;
}

function frontOf({ metadata, labelProperties = [] }: WrapperContents, cover: CoverObjects): Front {
  const name = textStringSource(payloadName);
  const file = `${numbers.file} 0 R`;
  const stated = metadata === undefined ? '' : `/Metadata ${numbers.metadata} 0 R`;
  const objects: NumberedObject[] = [
    {
      number: numbers.catalog,
      body: encodeUtf8(
        `<</Type /Catalog/AF [${file}]/Collection <</D ${name}/View /H>>/Names <</EmbeddedFiles <</Names [${name} ${file}]>>>>${stated}${cover.catalog}>>`,
      ),
    },
    {
      number: numbers.file,
      body: encodeUtf8(
        `<</Type /Filespec/F ${name}/UF ${name}/Desc ${textStringSource(payloadDescription)}/AFRelationship /EncryptedPayload/EP <</Type /EncryptedPayload/Subtype /${payloadFilter}/Version 2>>/EF <</F ${numbers.payload} 0 R>>>>`,
      ),
    },
  ];
  if (labelProperties.length > 0) objects.push({ number: numbers.info, body: infoOf(labelProperties) });
  if (metadata !== undefined)
    objects.push({
      number: numbers.metadata,
      body: concatBytes([
        encodeUtf8(`<</Type /Metadata/Subtype /XML/Length ${metadata.length}>>stream\n`),
        metadata,
        encodeUtf8('\nendstream'),
      ]),
    });

  const parts: Uint8Array[] = [];
  const offsets = new Map<number, number>();
  let length = 0;
  const add = (bytes: Uint8Array): void => {
    parts.push(bytes);
    length += bytes.length;
  };
  // Bytes beyond ASCII tell programs that transfer files that this is no text (ISO 32000-2, 7.5.2).
  add(Uint8Array.of(...encodeUtf8('%PDF-2.0\n%'), 0xe2, 0xe3, 0xcf, 0xd3, 0x0a));
  for (const { number, body } of [...objects, ...cover.objects]) {
    offsets.set(number, length);
    add(encodeUtf8(`${number} 0 obj\n`));
    add(body);
    add(encodeUtf8('\nendobj\n'));
  }
  offsets.set(numbers.payload, length);
  add(
    encodeUtf8(
      `${numbers.payload} 0 obj\n<</Type /EmbeddedFile/Subtype /application#2Fpdf/Length ${numbers.length} 0 R/Params <</Size ${numbers.size} 0 R/CheckSum ${numbers.checksum} 0 R>>>>stream\n`,
    ),
  );
  return { bytes: concatBytes(parts), offsets };
}

const infoOf = (properties: NonNullable<WrapperContents['labelProperties']>): Uint8Array =>
  pdfValueBytes({
    kind: 'dictionary',
    entries: new Map(properties.map(([name, value]) => [name, textString(value)])),
  });

/** What stands behind the payload: what was not known in front of it, and the cross-reference stream. */
function tailOf(front: Front, length: number, digest: Uint8Array, contents: WrapperContents): Uint8Array {
  const offsets = new Map(front.offsets);
  let text = '\nendstream\nendobj\n';
  const behind = front.bytes.length + length;
  const checksum = `<${encodeHex(digest)}>`;
  for (const [number, body] of [
    [numbers.length, length],
    [numbers.size, length],
    [numbers.checksum, checksum],
  ] as const) {
    offsets.set(number, behind + text.length);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const own = Math.max(...offsets.keys()) + 1;
  const start = behind + text.length;
  offsets.set(own, start);
  const table = crossReferences(offsets, own + 1);
  const info = contents.labelProperties?.length ? `/Info ${numbers.info} 0 R` : '';
  // Made from the content, so that the same content gives the same file.
  const trailer = `/Root ${numbers.catalog} 0 R${info}/ID [${checksum} ${checksum}]`;
  return concatBytes([
    encodeUtf8(
      `${text}${own} 0 obj\n<</Type /XRef/Size ${own + 1}/W [1 ${offsetBytes} 2]/Length ${table.length}${trailer}>>stream\n`,
    ),
    table,
    encodeUtf8(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
  ]);
}

/** Bytes of an offset in the cross-references: enough for any file. */
const offsetBytes = 6;

/** The data of a cross-reference stream (ISO 32000-2, 7.5.8.3); numbers without an object are free. */
function crossReferences(offsets: ReadonlyMap<number, number>, size: number): Uint8Array {
  const width = 1 + offsetBytes + 2;
  const table = new Uint8Array(size * width);
  for (let number = 0; number < size; number++) {
    const at = number * width;
    const offset = offsets.get(number);
    if (offset === undefined) {
      // Only object 0 heads the free ones; numbers that nobody uses are never to be used again.
      table.set([0xff, 0xff], at + 1 + offsetBytes);
      continue;
    }
    table[at] = 1;
    let left = offset;
    for (let i = offsetBytes; i > 0; i--) {
      table[at + i] = left % 256;
      left = Math.floor(left / 256);
    }
  }
  return table;
}
