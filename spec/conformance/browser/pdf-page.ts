import { getDocument } from 'pdfjs-dist';
// @ts-expect-error The worker has no types; loaded in the page it saves a second file.
import * as worker from 'pdfjs-dist/build/pdf.worker.mjs';

// What pdf.js, the reader of Firefox and of many web applications, sees of a PDF.

(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = worker;

export interface ReadPdf {
  readonly [name: string]: number | string | readonly string[];
  readonly pages: number;
  /** The text of all pages. */
  readonly text: string;
  readonly attachments: readonly string[];
}

export interface SeenPdf extends ReadPdf {
  /** The first page as a picture, in base64 of PNG. */
  readonly picture: string;
  /** Dots of it that are not white. */
  readonly ink: number;
}

const loaded = (bytes: Uint8Array) => getDocument({ data: bytes.slice(), useSystemFonts: true });

type Loaded = Awaited<ReturnType<typeof loaded>['promise']>;

async function readFrom(document: Loaded): Promise<ReadPdf> {
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    texts.push(items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  const attachments = (await document.getAttachments()) as Record<
    string,
    { readonly filename: string }
  > | null;
  return {
    pages: document.numPages,
    text: texts.join('\n'),
    attachments: Object.values(attachments ?? {}).map(({ filename }) => filename),
  };
}

/** The texts of several documents. */
export async function readByPdfjs(files: readonly Uint8Array[]): Promise<readonly ReadPdf[]> {
  const read: ReadPdf[] = [];
  for (const bytes of files) {
    const task = loaded(bytes);
    read.push(await readFrom(await task.promise));
    await task.destroy();
  }
  return read;
}

/** A document with its first page as a picture. */
export async function seenByPdfjs(bytes: Uint8Array): Promise<SeenPdf> {
  const document = await loaded(bytes).promise;
  const page = await document.getPage(1);
  const viewport = page.getViewport({ scale: 1.5 });
  const canvas = Object.assign(globalThis.document.createElement('canvas'), {
    width: Math.ceil(viewport.width),
    height: Math.ceil(viewport.height),
  });
  const canvasContext = canvas.getContext('2d')!;
  await page.render({ canvasContext, viewport }).promise;
  const { data } = canvasContext.getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 200) ink++;
  const picture = canvas.toDataURL('image/png').replace(/^.*,/, '');
  return { ...(await readFrom(document)), picture, ink };
}
