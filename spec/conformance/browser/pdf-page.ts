import { getDocument } from 'pdfjs-dist';
// @ts-expect-error The worker has no types; loaded in the page it saves a second file.
import * as worker from 'pdfjs-dist/build/pdf.worker.mjs';

// What pdf.js, the reader of Firefox and of many web applications, sees of a PDF.

(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = worker;

export interface SeenPdf {
  readonly [name: string]: number | string | readonly string[] | Uint8Array;
  readonly pages: number;
  readonly text: string;
  readonly attachments: readonly string[];
  /** The first page as a picture in PNG. */
  readonly picture: Uint8Array;
  /** Dots of it that are not white. */
  readonly ink: number;
}

export async function seenByPdfjs(bytes: Uint8Array): Promise<SeenPdf> {
  const document = await getDocument({ data: bytes.slice(), useSystemFonts: true }).promise;
  const page = await document.getPage(1);
  const { items } = await page.getTextContent();
  const viewport = page.getViewport({ scale: 1 });
  const canvas = Object.assign(globalThis.document.createElement('canvas'), {
    width: Math.ceil(viewport.width),
    height: Math.ceil(viewport.height),
  });
  const canvasContext = canvas.getContext('2d')!;
  await page.render({ canvasContext, viewport }).promise;
  const { data } = canvasContext.getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 200) ink++;
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  const attachments = (await document.getAttachments()) as Record<
    string,
    { readonly filename: string }
  > | null;
  return {
    pages: document.numPages,
    text: items.map((item) => ('str' in item ? item.str : '')).join(' '),
    attachments: Object.values(attachments ?? {}).map(({ filename }) => filename),
    picture: new Uint8Array(await blob!.arrayBuffer()),
    ink,
  };
}
