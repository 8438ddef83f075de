import { type DocumentSettings, pdfModule } from '../../../container/index.ts';

/**
 * Refuses a cover page that cannot be made before the first file, instead of failing each of them.
 *
 * @throws SealwrightError `INVALID_ARGUMENT`
 */
export async function checkDocumentSettings(settings: DocumentSettings | undefined): Promise<void> {
  const cover = settings?.pdf?.cover;
  if (cover !== undefined) await (await pdfModule()).checkCover(cover);
}
