import { maxima } from '../../../bytes/index.ts';
import type {
  CoverLanguage,
  CoverText,
  DocumentSettings,
  MailSettings,
  MailStub,
  PdfCover,
  PdfSettings,
} from '../../../container/index.ts';
import { checked, entriesOf, type Field, fieldsOf, flagOf, textOf, textsOf, told } from './fields.ts';

/** What stands in a rule may take this many characters; the whole rules file is bounded, too. */
const mostText = 262_144;

/** Reads a PDF that rules name by its path; throws a `SealwrightError` with what is the matter. */
export type DocumentAt = (path: string) => Uint8Array;

/** What can be chosen for PDFs and messages, as it is written for protecting. */
export function readDocumentSettings(field: Field, documentAt?: DocumentAt): DocumentSettings | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, ['pdf', 'mail'], 'settings');
  if (fields === undefined) return undefined;
  return Object.freeze({ pdf: readPdf(fields('pdf'), documentAt), mail: readMail(fields('mail')) });
}

function readPdf(field: Field, documentAt: DocumentAt | undefined): PdfSettings | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, ['wrapper', 'cover'], 'settings of PDFs');
  if (fields === undefined) return undefined;
  const cover = fields('cover');
  const wrapper = flagOf(fields('wrapper'));
  if (wrapper === false && cover.value !== undefined)
    field.mistakes.add(field.path, 'without a wrapper there is no cover page: leave one of them out');
  return Object.freeze({ wrapper, cover: readCover(cover, documentAt) });
}

function readCover(field: Field, documentAt: DocumentAt | undefined): PdfCover | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, ['languages', 'texts', 'paper', 'document'], 'a cover page');
  if (fields === undefined) return undefined;
  const paper = fields('paper');
  if (paper.value !== undefined && paper.value !== 'a4' && paper.value !== 'letter')
    paper.mistakes.add(paper.path, `write "a4" or "letter", not ${told(paper.value)}`);
  return Object.freeze({
    // Which there are is known where the page is made, and said there.
    languages: textsOf(fields('languages'), 100) as readonly CoverLanguage[] | undefined,
    texts: entriesOf(fields('texts'), 100)?.flatMap((entry) => readText(entry) ?? []),
    paper: paper.value === 'letter' || paper.value === 'a4' ? paper.value : undefined,
    document: readDocument(fields('document'), documentAt),
  });
}

function readText(field: Field): CoverText | undefined {
  const fields = fieldsOf(field, ['language', 'title', 'paragraphs'], 'a text of a cover page');
  const language = fields && textOf(fields('language'), 35);
  const title = fields && textOf(fields('title'));
  const paragraphs = fields && textsOf(fields('paragraphs'), 100);
  if (language === undefined || title === undefined || paragraphs === undefined) {
    field.mistakes.add(field.path, 'write its language (such as "en"), its title, and its paragraphs');
    return undefined;
  }
  return { language, title, paragraphs };
}

function readDocument(field: Field, documentAt: DocumentAt | undefined): Uint8Array | undefined {
  const { value, path, mistakes } = field;
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array && value.length <= maxima.pdfCoverBytes) return value;
  if (documentAt === undefined || typeof value !== 'string') {
    mistakes.add(
      path,
      `write ${documentAt ? 'the path of a PDF' : 'the bytes of a PDF'}, not ${told(value)}`,
    );
    return undefined;
  }
  return checked(field, () => documentAt(value));
}

function readMail(field: Field): MailSettings | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, ['protectAttachments', 'stub'], 'settings of messages');
  if (fields === undefined) return undefined;
  return Object.freeze({
    protectAttachments: flagOf(fields('protectAttachments')),
    stub: readStub(fields('stub')),
  });
}

function readStub(field: Field): MailStub | undefined {
  if (field.value === undefined) return undefined;
  const fields = fieldsOf(field, ['plain', 'html'], 'a stub');
  const plain = fields && textOf(fields('plain'), mostText);
  if (fields === undefined || plain === undefined) {
    field.mistakes.add(field.path, 'write as plain what people see who cannot open the message');
    return undefined;
  }
  return Object.freeze({ plain, html: textOf(fields('html'), mostText) });
}
