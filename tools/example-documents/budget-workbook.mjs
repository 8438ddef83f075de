import { strToU8, zipSync } from 'fflate';

/** Position, planned, spent. */
const positions = [
  ['Rent, first quarter', 27600, 27600],
  ['Deposit', 18400, 18400],
  ['Moving company', 7200, 6850],
  ['Network cabling', 9500, 13940],
  ['Server room: lock and cooling', 6400, 6125],
  ['Furniture', 12000, 11300],
  ['Lamps', 2800, 2915],
  ['Name signs', 600, 540],
];
const first = 4;
const last = first + positions.length - 1;

const text = (ref, value, style = 0) =>
  `<c r="${ref}" s="${style}" t="inlineStr"><is><t>${value.replaceAll('&', '&amp;')}</t></is></c>`;
const number = (ref, value, style) => `<c r="${ref}" s="${style}"><v>${value}</v></c>`;
const formula = (ref, expression, value, style) =>
  `<c r="${ref}" s="${style}"><f>${expression}</f><v>${value}</v></c>`;
const row = (index, cells, height = '') => `<row r="${index}"${height}>${cells.join('')}</row>`;
const sum = (column) => positions.reduce((total, position) => total + position[column], 0);

/** Styles by number, as `styles.xml` lists them. */
const style = { title: 1, head: 2, money: 3, share: 4, total: 5, totalMoney: 6, totalShare: 7 };

const body = [
  row(1, [text('A1', 'Office move: budget', style.title)], ' ht="24" customHeight="1"'),
  row(
    3,
    ['Position', 'Planned', 'Spent', 'Difference', 'Share of plan'].map((head, i) =>
      text(`${'ABCDE'[i]}3`, head, style.head),
    ),
  ),
  ...positions.map(([name, planned, spent], i) => {
    const r = first + i;
    return row(r, [
      text(`A${r}`, name),
      number(`B${r}`, planned, style.money),
      number(`C${r}`, spent, style.money),
      formula(`D${r}`, `C${r}-B${r}`, spent - planned, style.money),
      formula(`E${r}`, `C${r}/B${r}`, spent / planned, style.share),
    ]);
  }),
  row(last + 1, [
    text(`A${last + 1}`, 'Total', style.total),
    formula(`B${last + 1}`, `SUM(B${first}:B${last})`, sum(1), style.totalMoney),
    formula(`C${last + 1}`, `SUM(C${first}:C${last})`, sum(2), style.totalMoney),
    formula(`D${last + 1}`, `C${last + 1}-B${last + 1}`, sum(2) - sum(1), style.totalMoney),
    formula(`E${last + 1}`, `C${last + 1}/B${last + 1}`, sum(2) / sum(1), style.totalShare),
  ]),
];

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const package_ = 'http://schemas.openxmlformats.org/package/2006';
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const parts = {
  '[Content_Types].xml': `<Types xmlns="${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${package_}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Budget" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${package_}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0" showGridLines="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="1" width="32" customWidth="1"/><col min="2" max="5" width="14" customWidth="1"/></cols><sheetData>${body.join('')}</sheetData></worksheet>`,
  'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0;[Red]\\-#,##0"/></numFmts><fonts count="4"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="16"/><name val="Calibri"/></font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF2F5D8A"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top style="thin"><color auto="1"/></top><bottom style="double"><color auto="1"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="0" fontId="2" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="3" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"/><xf numFmtId="164" fontId="3" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/><xf numFmtId="9" fontId="3" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
};

/** A workbook with one sheet: figures, formulas and their values. */
export function budgetWorkbook() {
  // ZIP stores local time without a zone; written as parts it is the same everywhere.
  const mtime = new Date(2020, 0, 1);
  const files = Object.entries(parts).map(([name, xml]) => [name, strToU8(declaration + xml)]);
  return zipSync(Object.fromEntries(files), { level: 9, mtime });
}
