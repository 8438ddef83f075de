import { zlibSync } from 'fflate';
import { concatBytes, encodeUtf8 } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { CoverText, PdfCover } from '../../settings.ts';
import { textStringSource } from '../../text-string.ts';
import { coverLanguages, coverText } from './cover-texts.ts';
import { drawSheet, fontName } from './draw.ts';
import { type Face, faces, widths } from './helvetica.ts';
import { layoutCover, papers, type Sheet } from './layout.ts';

/** An object as it stands in the file, without `1 0 obj` and `endobj`. */
export interface NumberedObject {
  readonly number: number;
  readonly body: Uint8Array;
}

/** The pages of a cover, as objects. */
export interface CoverObjects {
  readonly objects: readonly NumberedObject[];
  /** What the catalog says of them beside its own, as it stands in the file. */
  readonly catalog: string;
}

/**
 * The cover page that we set ourselves, as objects numbered from `first` (spec/pdf.md, "Cover page").
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for an unknown language, or for texts that cannot be set
 */
export function coverPage(cover: PdfCover, first: number): CoverObjects {
  const { texts, languages, paper } = cover;
  const isOurs = texts === undefined && languages === undefined && paper === undefined;
  if (!isOurs) return setCover(cover, first);
  if (ours?.first !== first) ours = { first, cover: setCover(cover, first) };
  return ours.cover;
}

/** The page of ours in all languages, set once: most documents have it. */
let ours: { readonly first: number; readonly cover: CoverObjects } | undefined;

function setCover(cover: PdfCover, first: number): CoverObjects {
  const texts = textsOf(cover);
  const paper = cover.paper ?? 'a4';
  if (!Object.hasOwn(papers, paper))
    throw invalid('The paper of the cover page is neither "a4" nor "letter".');
  const sheets = layoutCover(texts, paper);

  let next = first;
  const take = (): number => next++;
  const [pages, regular, bold, structure, root, parents] = [take(), take(), take(), take(), take(), take()];
  const descriptors = { regular: take(), bold: take() };
  const places = sheets.map((sheet) => ({
    sheet,
    page: take(),
    contents: take(),
    elements: sheet.paragraphs.map(take),
  }));
  const text = (number: number, body: string): NumberedObject => ({ number, body: encodeUtf8(body) });
  const refs = (numbers: readonly number[]): string => numbers.map((number) => `${number} 0 R`).join(' ');
  const { width, height } = papers[paper];
  const resources = `<</Font <</${fontName.regular} ${regular} 0 R/${fontName.bold} ${bold} 0 R>>>>`;

  const objects: NumberedObject[] = [
    text(
      pages,
      `<</Type /Pages/Count ${places.length}/Kids [${refs(places.map(({ page }) => page))}]/MediaBox [0 0 ${width} ${height}]/Resources ${resources}>>`,
    ),
    text(regular, font('regular', descriptors.regular)),
    text(bold, font('bold', descriptors.bold)),
    text(
      structure,
      `<</Type /StructTreeRoot/K ${root} 0 R/ParentTree ${parents} 0 R/ParentTreeNextKey ${places.length}>>`,
    ),
    text(
      root,
      `<</Type /StructElem/S /Document/P ${structure} 0 R/K [${refs(places.flatMap(({ elements }) => elements))}]>>`,
    ),
    text(parents, `<</Nums [${places.map(({ elements }, i) => `${i} [${refs(elements)}]`).join(' ')}]>>`),
    text(descriptors.regular, descriptor('regular')),
    text(descriptors.bold, descriptor('bold')),
  ];
  places.forEach(({ sheet, page, contents, elements }, i) => {
    // It is most of a wrapper. The library's own code packs it, so that it is the same everywhere.
    const drawing = zlibSync(encodeUtf8(drawSheet(sheet, paper, i === 0)), { level: 9 });
    const drawn = `<</Length ${drawing.length}/Filter /FlateDecode>>stream\n`;
    objects.push(
      text(page, `<</Type /Page/Parent ${pages} 0 R/Contents ${contents} 0 R/StructParents ${i}/Tabs /S>>`),
      { number: contents, body: concatBytes([encodeUtf8(drawn), drawing, encodeUtf8('\nendstream')]) },
      ...elements.map((number, k) => text(number, element(sheet, k, root, page))),
    );
  });
  const language = texts[0]?.language ?? 'en';
  return {
    objects,
    catalog: `/Pages ${pages} 0 R/Lang ${textStringSource(language)}/MarkInfo <</Marked true>>/StructTreeRoot ${structure} 0 R`,
  };
}

function textsOf({ texts, languages = coverLanguages }: PdfCover): readonly CoverText[] {
  if (texts !== undefined) {
    if (texts.length > 0) return texts;
    throw invalid('The list of texts for the cover page is empty. Leave it out to have ours.');
  }
  if (languages.length === 0)
    throw invalid('The list of languages for the cover page is empty. Leave it out to have all of them.');
  return languages.map((language) => {
    const text = coverText(language);
    if (text !== undefined) return text;
    throw invalid(
      `There is no text for the cover page in the language ${JSON.stringify(language)}, only in ${coverLanguages.join(', ')}. Give texts of your own, or a whole PDF.`,
    );
  });
}

function element(sheet: Sheet, id: number, parent: number, page: number): string {
  const { role, language } = sheet.paragraphs[id] as Sheet['paragraphs'][number];
  return `<</S /${role}/P ${parent} 0 R/Pg ${page} 0 R/K ${id}/Lang ${textStringSource(language)}>>`;
}

const font = (face: Face, descriptor: number): string =>
  `<</Type /Font/Subtype /Type1/BaseFont /${faces[face].name}/Encoding /WinAnsiEncoding/FirstChar 32/LastChar 255/FontDescriptor ${descriptor} 0 R/Widths [${widths[face].join(' ')}]>>`;

const descriptor = (face: Face): string =>
  `<</Type /FontDescriptor/FontName /${faces[face].name}${faces[face].descriptor}>>`;

const invalid = (message: string): SealwrightError => new SealwrightError('INVALID_ARGUMENT', message);
