import { buildPdf } from '../../../src/container/pdf/test/build-pdf.ts';
import { escaped, pdfDocEncoded, telling } from './telling.test-support.ts';

const { word, title, author, attachment, attached, accented, wide } = telling;

const utf16 = (text: string): Buffer => Buffer.from(Buffer.from(`\ufeff${text}`, 'utf16le')).swap16();
const hexadecimal = (bytes: Uint8Array): string => `<${Buffer.from(bytes).toString('hex')}>`;
const inParentheses = (bytes: Uint8Array): string => `(${escaped(bytes)})`;
/** Bytes as they are: only what would end the string is escaped. */
const asBytes = (bytes: Uint8Array): string =>
  `(${Buffer.from(bytes)
    .toString('latin1')
    .replace(/[()\\\r]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`)})`;
const utf8 = (text: string): Buffer => Buffer.from(`\ufeff${text}`);
const single = (text: string): Buffer => pdfDocEncoded(text) ?? Buffer.from('');

const packet = (encoding: BufferEncoding): Buffer =>
  Buffer.from(
    `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="${title}" dc:creator="${author}"><dc:description>${accented} ${wide} ${word}</dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
    encoding,
  );

/**
 * A document that says the texts of the tests wherever a PDF can say something, in all encodings of its strings: Info, XMP,
 * outline, annotations, form, attachment, page labels, destinations, layers, structure, scripts, threads, private data.
 *
 * @param info more entries of the Info dictionary
 */
export const tellingPdf = (info = ''): Uint8Array =>
  buildPdf()
    .object(
      1,
      `<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R/Outlines 10 0 R/PageLabels<</Nums[0<</S/D/P(${word} )>>]>>
/Names<</Dests<</Names[(${word} here)[3 0 R/Fit]]>>/EmbeddedFiles<</Names[${hexadecimal(utf16(wide))}20 0 R]>>/JavaScript<</Names[(${word})<</S/JavaScript/JS(app.alert\\('${word}'\\))>>]>>>>
/AcroForm<</Fields[15 0 R]/DA(/F1 9 Tf 0 g)/DR<</Font<</F1 8 0 R>>>>>>
/OCProperties<</OCGs[16 0 R]/D<</Name${asBytes(utf16(title))}/Order[16 0 R]/ON[16 0 R]>>>>
/StructTreeRoot 17 0 R/MarkInfo<</Marked true>>/URI<</Base(https://${word}.example/)>>
/PieceInfo<</Quill<</LastModified(D:20310101000000Z)/Private<</Text ${asBytes(utf8(wide))}>>>>>>
/Threads[19 0 R]/OutputIntents[<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier(${word})/Info(${title})>>]>>`,
    )
    .object(2, '<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 300 200]>>')
    .object(
      3,
      '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[9 0 R 14 0 R 15 0 R]/B[18 0 R]/Metadata 6 0 R/StructParents 0/Resources<</Font<</F1 8 0 R>>/Properties<</L 16 0 R>>>>>>',
    )
    .stream(
      4,
      '',
      `/OC/L BDC/P<</MCID 0/ActualText(${title})>>BDC BT/F1 18 Tf 20 100 Td(${word})Tj 0 -30 Td ${hexadecimal(single(author))}Tj ET EMC EMC`,
    )
    .stream(5, '/Type/Metadata/Subtype/XML', packet('utf8'))
    .stream(6, '/Type/Metadata/Subtype/XML', packet('utf16le').swap16())
    .object(
      7,
      `<</Title ${asBytes(utf16(title))}/Author ${inParentheses(single(author))}/Subject ${asBytes(single(accented))}/Keywords ${hexadecimal(utf16(wide))}/Creator ${asBytes(utf8(accented))}/Producer ${inParentheses(single(accented))}/Ledger ${inParentheses(utf16(accented))}${info}>>`,
    )
    .object(8, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>')
    .object(
      9,
      `<</Type/Annot/Subtype/Text/Rect[250 160 270 180]/Contents ${asBytes(utf16(wide))}/T ${asBytes(single(author))}/NM(${word}-1)/RC(<body><p>${word}</p></body>)/Popup null>>`,
    )
    .object(10, '<</Type/Outlines/First 11 0 R/Last 12 0 R/Count 2>>')
    .object(11, `<</Title ${asBytes(utf8(wide))}/Parent 10 0 R/Next 12 0 R/Dest(${word} here)>>`)
    .object(
      12,
      `<</Title ${hexadecimal(utf16(accented))}/Parent 10 0 R/Prev 11 0 R/A<</S/GoTo/D(${word} here)>>>>`,
    )
    .object(13, `<</Type/Filespec/F(${word}.pdf)/UF ${asBytes(utf16(`${wide}.pdf`))}>>`)
    .object(
      14,
      `<</Type/Annot/Subtype/Link/Rect[20 90 120 120]/Border[0 0 1]/A<</S/URI/URI(https://${word}.example/${encodeURIComponent(accented)})/Next<</S/GoToR/F 13 0 R/D(${title})>>>>>>`,
    )
    .object(
      15,
      `<</Type/Annot/Subtype/Widget/FT/Tx/T(${word} field)/TU ${asBytes(single(accented))}/V ${hexadecimal(utf16(title))}/DV(${title})/Rect[20 20 160 40]/DA(/F1 9 Tf 0 g)/P 3 0 R/F 4>>`,
    )
    .object(16, `<</Type/OCG/Name ${asBytes(utf8(accented))}>>`)
    .object(
      17,
      `<</Type/StructTreeRoot/K<</S/P/P 17 0 R/Pg 3 0 R/K 0/Alt(${title})/ActualText ${asBytes(utf16(wide))}/E(${word})>>>>`,
    )
    .object(18, '<</Type/Bead/T 19 0 R/N 18 0 R/V 18 0 R/P 3 0 R/R[20 90 120 120]>>')
    .object(19, `<</Type/Thread/F 18 0 R/I<</Title(${title})/Author(${author})>>>>`)
    .object(
      20,
      `<</Type/Filespec/F(${attachment})/UF ${hexadecimal(utf16(attachment))}/Desc ${asBytes(utf8(accented))}/EF<</F 21 0 R>>>>`,
    )
    .stream(
      21,
      `/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size ${attached.length}/CreationDate(D:20310203040506Z)>>`,
      attached,
    )
    .table(
      '/Size 22/Root 1 0 R/Info 7 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]',
    )
    .end()
    .bytes();
