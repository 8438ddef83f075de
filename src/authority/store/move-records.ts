import { SealwrightError } from '../../errors.ts';
import type { ContentRecord } from './authority-store.ts';
import { parseStoreRecord } from './parse-store-record.ts';
import type { RecordKeeper, RecordSnapshot } from './record-keeper.ts';
import { type StoreEntry, type StoreRecord, toStoreRecord } from './store-record.ts';

/** Everything there was when reading began, contents before what refers to them. */
export async function* exportEntries(
  { attempt }: RecordKeeper,
  open: () => Promise<RecordSnapshot>,
  pageSize: number,
): AsyncGenerator<StoreRecord> {
  const snapshot = await open();
  try {
    for (const [name, value] of await attempt(() => snapshot.readSettings()))
      yield toStoreRecord({ kind: 'setting', name, value });
    for (const template of await attempt(() => snapshot.readTemplates()))
      yield toStoreRecord({ kind: 'template', template });
    for (const deleted of await attempt(() => snapshot.readDeletedTemplates()))
      yield toStoreRecord({ kind: 'deleted-template', ...deleted });
    const contentsAfter = (after?: ContentRecord) =>
      attempt(() => snapshot.readContents({}, after, pageSize));
    for (let page = await contentsAfter(); page.length > 0; page = await contentsAfter(page.at(-1)))
      for (const content of page) yield toStoreRecord({ kind: 'content', content });
    for (const revocation of await attempt(() => snapshot.readRevocations()))
      yield toStoreRecord({ kind: 'revocation', revocation });
    const last = await attempt(() => snapshot.lastUsage());
    const usageAfter = (after: number) => attempt(() => snapshot.readUsage({}, after, last, pageSize));
    for (let page = await usageAfter(0); page.length > 0; page = await usageAfter(page.at(-1)!.sequence))
      for (const { record } of page) yield toStoreRecord({ kind: 'usage', usage: record });
  } finally {
    snapshot.close();
  }
}

/** Fills an empty keeper; the caller has begun a transaction and undoes it if this throws. */
export async function importEntries(
  keeper: RecordKeeper,
  records: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<void> {
  if (!isEmpty(keeper))
    throw new SealwrightError(
      'AUTHORITY_EXISTS',
      'This authority has records already: import into a new one.',
    );
  for await (const record of records) {
    const entry = parseStoreRecord(record);
    await keeper.attempt(() => importEntry(keeper, entry));
  }
}

const isEmpty = (keeper: RecordKeeper): boolean =>
  keeper.readSettings().length === 0 &&
  keeper.readTemplates().length === 0 &&
  keeper.readDeletedTemplates().length === 0 &&
  keeper.readContents({}, undefined, 1).length === 0 &&
  keeper.lastUsage() === 0;

function importEntry(keeper: RecordKeeper, entry: StoreEntry): void {
  switch (entry.kind) {
    case 'setting':
      keeper.writeSetting(entry.name, entry.value);
      break;
    case 'template':
      keeper.writeTemplate(entry.template);
      break;
    case 'deleted-template':
      keeper.writeDeletedTemplate(entry.id, entry.deletedAt);
      break;
    case 'content':
      once(keeper.addContent(entry.content), `content ${entry.content.contentId}`);
      break;
    case 'revocation':
      if (keeper.readContent(entry.revocation.contentId) === undefined)
        throw malformed(`a revocation of content ${entry.revocation.contentId} stands before that content`);
      once(keeper.addRevocation(entry.revocation), `a revocation of ${entry.revocation.contentId}`);
      break;
    case 'usage':
      keeper.appendUsage([entry.usage]);
      break;
  }
}

function once(added: boolean, what: string): void {
  if (!added) throw malformed(`${what} stands in it twice`);
}

const malformed = (what: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_ARCHIVE',
    `The export of the authority contradicts itself: ${what}. Use an export that nobody changed.`,
  );
