import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSink, type ByteSource, concatBytes, memorySource } from '../../../bytes/index.ts';
import { type CipherModeName, cipherMode } from '../../../cipher/index.ts';
import type { DocumentWriter, PartCipher } from '../../document-format.ts';
import { decryptedDocument } from '../open/decrypt-document.ts';
import { readEncryption } from '../open/read-encryption.ts';
import { readPdf } from '../read/read-pdf.ts';
import { encryptedPayload } from './encrypted-payload.ts';

const folder = '../shared/data/samples';

/** Whether the samples are here; tests of them skip where they are not. */
export const samplesPresent: boolean = existsSync(folder);

export const sample = (path: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${path}`));

export const plaintextPdfs = ['testPDF.pdf', 'testPDF_Version.10.x.pdf', 'testPDF_bookmarks.pdf'] as const;

/** A license as services give it; nothing in the format looks into it. */
export const license: Uint8Array = new TextEncoder().encode(
  '\u{feff}<?xml version="1.0"?><XrML>license (of) \\ tests</XrML>',
);

export const cipherOf = (name: CipherModeName = 'MICROSOFT.CBC4K', seed = 7): PartCipher => ({
  mode: cipherMode(name),
  key: Uint8Array.from({ length: 32 }, (_, i) => (i * 31 + seed) & 0xff),
});

/** A sink that keeps everything, in copies. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write(bytes) {
      parts.push(bytes.slice());
    },
    bytes: () => concatBytes(parts),
  };
}

export async function bytesOf(writer: DocumentWriter): Promise<Uint8Array> {
  const sink = memorySink();
  const size = await writer.writeTo(sink);
  const bytes = sink.bytes();
  if (size !== bytes.length) throw new Error(`The writer says ${size} and wrote ${bytes.length} bytes.`);
  return bytes;
}

/** The protected document, without a wrapper. */
export async function protectedBytes(
  source: Uint8Array | ByteSource,
  cipher: PartCipher = cipherOf(),
): Promise<Uint8Array> {
  const from = source instanceof Uint8Array ? memorySource(source) : source;
  return bytesOf(encryptedPayload(await readPdf(from), from.size, license, cipher));
}

export async function openedBytes(
  source: Uint8Array | ByteSource,
  cipher: PartCipher = cipherOf(),
): Promise<Uint8Array> {
  const from = source instanceof Uint8Array ? memorySource(source) : source;
  const document = await readPdf(from);
  return bytesOf(decryptedDocument(document, from.size, await readEncryption(document), cipher));
}

/** Whether `qpdf` is here, an independent reader. */
export const qpdfPresent: boolean = (() => {
  try {
    execFileSync('qpdf', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Runs a program on a PDF in a file and gives what it prints. */
export function runOn(bytes: Uint8Array, program: string, args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdf-'));
  try {
    const path = join(folder, 'document.pdf');
    writeFileSync(path, bytes);
    return execFileSync(
      program,
      args.map((arg) => (arg === '@' ? path : arg)),
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Json = Record<string, unknown>;
interface QpdfObject {
  readonly value?: Json;
  readonly stream?: { readonly dict: Json };
}

/** What a trailer says of the layout of its file, and not of the document. */
const layoutKeys = ['Prev', 'Size', 'XRefStm', 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms'];

/** Every object of a PDF as qpdf reads it, streams with their bytes, without what says how the file is laid out. */
export function objectsOf(bytes: Uint8Array): Json {
  const { qpdf } = JSON.parse(
    runOn(bytes, 'qpdf', [
      '--warning-exit-0',
      '--no-warn',
      '--json=2',
      '--json-stream-data=inline',
      '--decode-level=none',
      '@',
    ]),
  ) as { qpdf: [unknown, Record<string, QpdfObject>] };
  const objects: Json = {};
  for (const [name, object] of Object.entries(qpdf[1])) {
    const keys = object.stream?.dict ?? object.value ?? {};
    const isHints =
      object.stream !== undefined && '/S' in keys && !('/Type' in keys) && !('/Subtype' in keys);
    if (name === 'trailer') for (const key of layoutKeys) delete keys[`/${key}`];
    const kind = keys?.['/Type'];
    // How qpdf names an entry that leads nowhere.
    if (name === 'obj:null' || (kind === '/XRef' && name !== 'trailer')) continue;
    if (kind !== '/ObjStm' && !isHints && !('/Linearized' in Object(keys))) objects[name] = object;
  }
  return objects;
}
