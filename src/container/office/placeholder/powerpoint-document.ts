import { concatBytes, encodeUtf8, encodeUtf16le } from '../../../bytes/index.ts';
import type { NewStream } from '../../compound-file/new-compound-file.ts';
import { numbers, words } from './fields.ts';
import { filled } from './filled.ts';

/** Types of records, [MS-PPT] 2.13.24 and [MS-ODRAW] 2.2.1. */
const record = {
  document: 0x03e8,
  documentAtom: 0x03e9,
  endOfDocument: 0x03ea,
  slide: 0x03ee,
  slideAtom: 0x03ef,
  environment: 0x03f2,
  slidePersist: 0x03f3,
  mainMaster: 0x03f8,
  drawingGroup: 0x040b,
  drawing: 0x040c,
  fontCollection: 0x07d5,
  colorScheme: 0x07f0,
  textHeader: 0x0f9f,
  textStyles: 0x0fa3,
  textBytes: 0x0fa8,
  font: 0x0fb7,
  slideList: 0x0ff0,
  userEdit: 0x0ff5,
  currentUser: 0x0ff6,
  persistDirectory: 0x1772,
  drawingGroupContainer: 0xf000,
  drawingContainer: 0xf002,
  shapeGroup: 0xf003,
  shape: 0xf004,
  drawingGroupFacts: 0xf006,
  drawingFacts: 0xf008,
  shapeGroupPlace: 0xf009,
  shapeFacts: 0xf00a,
  anchor: 0xf010,
  textBox: 0xf00d,
} as const;

/** Units of 1/576 inch: a slide of 10 by 7.5 inches. */
const slideWidth = 5760;
const slideHeight = 4320;
/** Identifiers of the objects in the directory: document, master, slide. */
const persistIds = { document: 1, master: 2, slide: 3 } as const;
const masterId = 0x8000_0000;
const slideId = 0x0100;
const textBoxShape = 202;
/** Text that is neither title nor body. */
const otherText = 4;

/**
 * A presentation of one slide with one text box, [MS-PPT].
 *
 * @param sentence ASCII
 */
export function powerPointPlaceholder(sentence: string): NewStream[] {
  const objects = [document(), master(), slide(sentence)];
  const offsets = objects.map((_, i) => concatBytes(objects.slice(0, i)).length);
  const directoryOffset = concatBytes(objects).length;
  // Three objects from identifier 1 on.
  const directory = atom(record.persistDirectory, 0, 0, numbers((3 << 20) | persistIds.document, ...offsets));
  const edit = atom(
    record.userEdit,
    0,
    0,
    numbers(slideId),
    Uint8Array.of(0, 0, 0, 3),
    numbers(0, directoryOffset, persistIds.document, persistIds.slide),
    words(1, 0),
  );
  const content = concatBytes([...objects, directory, edit]);
  const currentUser = atom(
    record.currentUser,
    0,
    0,
    // Size of the fixed part, mark of a file that is not encrypted, the last edit; nobody's name; versions.
    numbers(20, 0xe391_c05f, content.length - edit.length),
    words(0, 0x03f4),
    Uint8Array.of(3, 0, 0, 0),
    numbers(8),
  );
  return [
    filled('PowerPoint Document', content),
    { kind: 'stream', name: 'Current User', content: currentUser },
  ];
}

const document = (): Uint8Array =>
  container(
    record.document,
    0,
    // Sizes of slides and notes, zoom 5 to 10, no masters of notes and handouts, first number 1, size for a screen.
    atom(
      record.documentAtom,
      1,
      0,
      numbers(slideWidth, slideHeight, slideHeight, slideWidth, 5, 10, 0, 0),
      words(1, 0),
      new Uint8Array(4),
    ),
    container(
      record.environment,
      0,
      container(record.fontCollection, 0, font('Arial')),
      textStyles(otherText),
    ),
    container(
      record.drawingGroup,
      0,
      container(
        record.drawingGroupContainer,
        0,
        // Highest identifier, clusters and one, shapes, drawings; of each cluster its drawing and next shape.
        atom(record.drawingGroupFacts, 0, 0, numbers(0x0803, 3, 5, 2, 1, 2, 2, 3)),
      ),
    ),
    slideList(1, persistIds.master, masterId),
    slideList(0, persistIds.slide, slideId),
    atom(record.endOfDocument, 0, 0),
  );

const master = (): Uint8Array =>
  container(
    record.mainMaster,
    0,
    slideAtom(0),
    colorScheme(6),
    textStyles(0),
    textStyles(1),
    textStyles(otherText),
    drawing(1),
    colorScheme(1),
  );

const slide = (sentence: string): Uint8Array =>
  container(record.slide, 0, slideAtom(masterId), drawing(2, textBox(0x0802, sentence)), colorScheme(1));

const slideList = (instance: number, persistId: number, id: number): Uint8Array =>
  container(record.slideList, instance, atom(record.slidePersist, 0, 0, numbers(persistId, 0, 0, id, 0)));

/** Blank layout; follows the master's objects, scheme and background. */
const slideAtom = (itsMaster: number): Uint8Array =>
  atom(record.slideAtom, 2, 0, numbers(0x10), new Uint8Array(8), numbers(itsMaster, 0), words(7, 0));

/** Background, text, shadow, title, fill and three accents; 6 in a master's choice of schemes, 1 in use. */
const colorScheme = (instance: number): Uint8Array =>
  atom(
    record.colorScheme,
    0,
    instance,
    numbers(0xff_ffff, 0, 0x80_8080, 0, 0x99_cc00, 0xcc_3333, 0xff_cccc, 0xb2_b2b2),
  );

/** A level of text without exceptions, [MS-PPT] 2.9.35; the types of body text have five. */
function textStyles(type: number): Uint8Array {
  const levels = type === 1 ? 5 : 1;
  const numbered = type >= 5;
  return atom(
    record.textStyles,
    0,
    type,
    words(levels),
    ...Array.from({ length: levels }, (_, level) =>
      concatBytes([numbered ? words(level) : words(), numbers(0, 0)]),
    ),
  );
}

/** A drawing of a group that spans everything, a background, and these shapes. */
const drawing = (id: number, ...shapes: readonly Uint8Array[]): Uint8Array =>
  container(
    record.drawing,
    0,
    container(
      record.drawingContainer,
      0,
      atom(record.drawingFacts, 0, id, numbers(1 + shapes.length + 1, id * 0x400 + 1 + shapes.length)),
      container(
        record.shapeGroup,
        0,
        container(
          record.shape,
          0,
          atom(record.shapeGroupPlace, 1, 0, numbers(0, 0, 0, 0)),
          shapeFacts(0, id * 0x400, 5),
        ),
        ...shapes,
      ),
      container(record.shape, 0, shapeFacts(1, id * 0x400 + 1, 0x0c00)),
    ),
  );

const shapeFacts = (kind: number, id: number, flags: number): Uint8Array =>
  atom(record.shapeFacts, 2, kind, numbers(id, flags));

const textBox = (id: number, sentence: string): Uint8Array =>
  container(
    record.shape,
    0,
    shapeFacts(textBoxShape, id, 0x0a00),
    // Top, left, right, bottom.
    atom(record.anchor, 0, 0, words(1440, 576, slideWidth - 576, 2880)),
    container(
      record.textBox,
      0,
      atom(record.textHeader, 0, 0, numbers(otherText)),
      atom(record.textBytes, 0, 0, encodeUtf8(sentence)),
    ),
  );

/** Name in 32 characters; TrueType, variable pitch. */
function font(name: string): Uint8Array {
  const face = new Uint8Array(64);
  face.set(encodeUtf16le(name));
  return atom(record.font, 0, 0, face, Uint8Array.of(0, 0, 4, 0x22));
}

const container = (type: number, instance: number, ...children: readonly Uint8Array[]): Uint8Array =>
  atom(type, 0xf, instance, ...children);

/** [MS-PPT] 2.3.1. */
function atom(type: number, version: number, instance: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts);
  return concatBytes([words(version | (instance << 4), type), numbers(content.length), content]);
}
