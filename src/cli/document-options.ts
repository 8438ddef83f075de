import { type Command, Option } from 'commander';
import { maxima } from '../bytes/index.ts';
import {
  type ContainerName,
  type CoverLanguage,
  type DocumentSettings,
  type MailSettings,
  type MailStub,
  type PdfCover,
  type PdfSettings,
  pdfModule,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { readSmallFile } from './read-file.ts';
import { readTextFile } from './text-file.ts';
import { usageError } from './usage-error.ts';

/** What can be chosen for PDFs and messages, as it was typed. */
export interface DocumentOptions {
  readonly cover?: string;
  readonly coverLanguage?: string;
  readonly coverPaper?: PdfCover['paper'];
  /** False with `--no-wrapper`. */
  readonly wrapper?: boolean;
  readonly stub?: string;
  readonly stubHtml?: string;
  readonly plainAttachments?: boolean;
}

/** Adds `--cover`, `--cover-language`, `--cover-paper` and `--no-wrapper`. */
export function addPdfOptions(command: Command): Command {
  command.optionsGroup('PDFs:');
  command
    .option(
      '--cover <file>',
      'what readers show that cannot open it, instead of our page: a PDF, or a text (.txt) with its title in the first line; anyone can read it',
    )
    .option(
      '--cover-language <list>',
      'languages of our page, the one to be set large first: de,en; or that of the text',
    )
    .addOption(
      new Option('--cover-paper <size>', 'the size of the page; by default a4').choices(['a4', 'letter']),
    )
    .option('--no-wrapper', 'no page: other readers only say that they cannot open it');
  command.optionsGroup('Options:');
  return command;
}

/** Adds `--plain-attachments`, `--stub` and `--stub-html`. */
export function addMessageOptions(command: Command): Command {
  command.optionsGroup('Messages (.eml, .msg):');
  command
    .option(
      '--plain-attachments',
      'attachments go into the protected message as they are, and come out of it so',
    )
    .option(
      '--stub <file>',
      'the text that people see who cannot open it, instead of ours; anyone can read it',
    )
    .option('--stub-html <file>', 'the same as HTML, beside --stub; by default made from the text');
  command.optionsGroup('Options:');
  return command;
}

/** The options of these for PDFs and for messages that were given, as they are typed. */
export const usedDocumentOptions = (
  options: DocumentOptions,
): { readonly pdf: readonly string[]; readonly mail: readonly string[] } => ({
  pdf: [
    ...(options.cover === undefined ? [] : ['--cover']),
    ...(options.coverLanguage === undefined ? [] : ['--cover-language']),
    ...(options.coverPaper === undefined ? [] : ['--cover-paper']),
    ...(options.wrapper === false ? ['--no-wrapper'] : []),
  ],
  mail: [
    ...(options.plainAttachments ? ['--plain-attachments'] : []),
    ...(options.stub === undefined ? [] : ['--stub']),
    ...(options.stubHtml === undefined ? [] : ['--stub-html']),
  ],
});

/**
 * Reads what was chosen for PDFs and messages, and makes sure that it can be used: a slip is told before anything is done.
 *
 * @returns `undefined` if nothing was chosen
 */
export async function readDocumentSettings(
  options: DocumentOptions & { readonly format?: ContainerName },
): Promise<DocumentSettings | undefined> {
  const used = usedDocumentOptions(options);
  refuseWithoutEffect(used, options.format);
  const pdf = used.pdf.length === 0 ? undefined : await pdfSettings(options, used.pdf);
  const mail = used.mail.length === 0 ? undefined : await mailSettings(options);
  return pdf === undefined && mail === undefined ? undefined : { pdf, mail };
}

/** A PDF may travel in a message, and a message not in a PDF. */
function refuseWithoutEffect(
  { pdf, mail }: ReturnType<typeof usedDocumentOptions>,
  format: ContainerName | undefined,
): void {
  if (format === undefined || format === 'mail') return;
  const [option] = [...(format === 'pdf' ? [] : pdf), ...mail];
  if (option === undefined) return;
  throw usageError(`${option} says nothing about files in the format ${format}. Leave one of them out.`);
}

async function pdfSettings(options: DocumentOptions, used: readonly string[]): Promise<PdfSettings> {
  const { cover: path, coverLanguage, coverPaper: paper, wrapper } = options;
  if (wrapper === false) {
    const [other] = used;
    if (other === '--no-wrapper') return { wrapper };
    throw usageError(`Without a wrapper there is no page: leave out --no-wrapper or ${other}.`);
  }
  const languages = languagesOf(coverLanguage);
  if (path === undefined) {
    const cover = { paper, languages: languages as readonly CoverLanguage[] | undefined };
    await checked(cover, '--cover-language');
    return { cover };
  }
  if (!/\.txt$/i.test(path)) {
    const [other] = used.filter((each) => each !== '--cover');
    if (other !== undefined) {
      throw usageError(
        `${path} is shown as it is: leave out ${other}, which is for pages of ours and texts.`,
      );
    }
    const cover = { document: await pdfAt(path) };
    await checked(cover, `--cover ${path}`);
    return { cover };
  }
  const [language = 'en', another] = languages ?? [];
  if (another !== undefined) {
    throw usageError(`${path} is a text in one language: name that one with --cover-language, not several.`);
  }
  const [title = '', ...paragraphs] = paragraphsOf(await readTextFile(path, '--cover'));
  const cover = { paper, texts: [{ language, title, paragraphs }] };
  await checked(cover, `--cover ${path}`);
  return { cover };
}

/** Readers pronounce a text by its language, so a slip in it is told. */
function languagesOf(list: string | undefined): readonly string[] | undefined {
  const languages = list?.split(',').map((each) => each.trim().toLowerCase());
  const wrong = languages?.find((each) => !/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/.test(each));
  if (wrong === undefined) return languages;
  throw usageError(`--cover-language takes codes of languages such as de,en, not "${wrong}".`);
}

async function pdfAt(path: string): Promise<Uint8Array> {
  const bytes = await readSmallFile(path, maxima.pdfCoverBytes);
  if (new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-')) return bytes;
  throw usageError(`--cover takes a PDF, or a text whose name ends with .txt, and ${path} is neither.`);
}

/** The first line is the title; empty lines part the paragraphs. */
function paragraphsOf(text: string): readonly string[] {
  const [title = '', ...lines] = text.trim().split(/\r?\n/);
  const paragraphs = lines.join('\n').split(/\n\s*\n/);
  return [title, ...paragraphs.map((each) => each.replace(/\s+/g, ' ').trim()).filter((each) => each !== '')];
}

async function checked(cover: PdfCover, option: string): Promise<void> {
  try {
    await (await pdfModule()).checkCover(cover);
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    throw new SealwrightError(error.code, `${option} cannot be used. ${error.message}`, {
      ...error.details,
      cause: error,
    });
  }
}

async function mailSettings({ plainAttachments, stub, stubHtml }: DocumentOptions): Promise<MailSettings> {
  if (stub === undefined && stubHtml !== undefined) {
    throw usageError(
      'Not every mail program shows HTML: with --stub-html, add the same as text with --stub FILE.',
    );
  }
  return {
    protectAttachments: plainAttachments ? false : undefined,
    stub: stub === undefined ? undefined : await stubAt(stub, stubHtml),
  };
}

const stubAt = async (plain: string, html: string | undefined): Promise<MailStub> => ({
  plain: await readTextFile(plain, '--stub'),
  html: html === undefined ? undefined : await readTextFile(html, '--stub-html'),
});
