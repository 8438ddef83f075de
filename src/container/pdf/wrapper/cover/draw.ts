import { lockTop, margin, type PlacedParagraph, papers, type Sheet } from './layout.ts';

/** Colours as three parts of one: of the lock and titles, of text, of the line. */
const colours = {
  title: '0.09 0.21 0.36',
  text: '0.2 0.22 0.25',
  small: '0.34 0.36 0.39',
  line: '0.8 0.82 0.85',
};

/** The content stream of a sheet; the marked content of its paragraphs is numbered from 0. */
export function drawSheet(sheet: Sheet, paper: keyof typeof papers, withLock: boolean): string {
  const { width, height } = papers[paper];
  const parts: string[] = [];
  if (withLock) parts.push('/Artifact BMC', ...lock(margin, height - lockTop(paper)), 'EMC');
  if (sheet.rule !== undefined)
    parts.push(
      '/Artifact BMC',
      `${colours.line} RG 0.75 w ${margin} ${number(sheet.rule)} m ${number(width - margin)} ${number(sheet.rule)} l S`,
      'EMC',
    );
  sheet.paragraphs.forEach((paragraph, i) => {
    parts.push(...text(paragraph, i));
  });
  return `${parts.join('\n')}\n`;
}

function text(paragraph: PlacedParagraph, id: number): readonly string[] {
  const { role, face, size, leading, lines, x, y } = paragraph;
  const colour = role !== 'P' ? colours.title : size < 12 ? colours.small : colours.text;
  return [
    `/${role} <</MCID ${id}>> BDC`,
    `BT ${colour} rg /${fontName[face]} ${number(size)} Tf ${number(leading)} TL ${number(x)} ${number(y)} Td`,
    // The blank where a line was cut belongs to the text for whoever copies it or has it read out.
    ...lines.map((line, i) => `${i > 0 ? 'T* ' : ''}(${escaped(line)}${i < lines.length - 1 ? ' ' : ''}) Tj`),
    'ET',
    'EMC',
  ];
}

/** The inside of a string in parentheses: what is not plain ASCII in octal digits. */
function escaped(codes: Uint8Array): string {
  let text = '';
  for (const code of codes) {
    const isPlain = code >= 0x20 && code < 0x7f;
    const character = isPlain ? String.fromCharCode(code) : code.toString(8).padStart(3, '0');
    text += isPlain && !/[()\\]/.test(character) ? character : `\\${character}`;
  }
  return text;
}

/** The names of the fonts in the resources of a sheet. */
export const fontName = { regular: 'F1', bold: 'F2' } as const;

/** A padlock whose top left corner is at `x`, `y`: shackle, body, keyhole. */
function lock(x: number, y: number): readonly string[] {
  const at = (right: number, down: number): string => `${number(x + right)} ${number(y - down)}`;
  return [
    `${colours.title} RG ${colours.title} rg 4.6 w 1 J`,
    `${at(7.5, 26)} m ${at(7.5, 14.5)} l ${at(7.5, 8)} ${at(12.5, 2.3)} ${at(20, 2.3)} c`,
    `${at(27.5, 2.3)} ${at(32.5, 8)} ${at(32.5, 14.5)} c ${at(32.5, 26)} l S`,
    ...rounded(x, y - 52, 40, 31, 5),
    'f',
    `1 g ${circle(x + 20, y - 34.5, 3.7)} f`,
    `${at(18.2, 35)} m ${at(21.8, 35)} l ${at(22.9, 44)} l ${at(17.1, 44)} l f`,
  ];
}

/** How far from a corner the handles stand of the curve that is a quarter of a circle. */
const quarter = 0.5523;

function rounded(x: number, y: number, width: number, height: number, radius: number): readonly string[] {
  const k = radius * (1 - quarter);
  const [right, top] = [x + width, y + height];
  const points = (...values: readonly number[]): string => values.map(number).join(' ');
  return [
    `${points(x + radius, y)} m ${points(right - radius, y)} l ${points(right - k, y, right, y + k, right, y + radius)} c`,
    `${points(right, top - radius)} l ${points(right, top - k, right - k, top, right - radius, top)} c`,
    `${points(x + radius, top)} l ${points(x + k, top, x, top - k, x, top - radius)} c`,
    `${points(x, y + radius)} l ${points(x, y + k, x + k, y, x + radius, y)} c h`,
  ];
}

const circle = (x: number, y: number, radius: number): string =>
  rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius).join(' ');

const number = (value: number): string => String(Math.round(value * 100) / 100);
