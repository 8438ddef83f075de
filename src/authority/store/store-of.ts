import { SealwrightError } from '../../errors.ts';
import type { AuthorityRecords, AuthorityStore } from './authority-store.ts';
import { createGroupCommit, type Steps as Extent } from './group-commit.ts';
import { exportEntries, importEntries } from './move-records.ts';
import type { RecordKeeper } from './record-keeper.ts';

/** Rows read between two chances for others to work. */
const pageSize = 500;

/** Runs a step of the keeper that changes nothing, or one that changes something. */
interface Steps {
  read<T>(step: () => T): Promise<T>;
  write<T>(step: () => T, extent?: Extent): Promise<T>;
}

/** Makes an `AuthorityStore` of an engine that answers at once. */
export function storeOf(keeper: RecordKeeper): AuthorityStore {
  const group = createGroupCommit(keeper);
  let closed = false;
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new SealwrightError('INVALID_ARGUMENT', 'The authority was closed: open it again.');
    return work();
  };

  const transaction = <T>(work: (records: AuthorityRecords) => Promise<T>): Promise<T> =>
    whileOpen(() =>
      group.write(async () => {
        let open = true;
        const step = async <R>(run: () => R): Promise<R> => {
          if (!open)
            throw new SealwrightError('INVALID_ARGUMENT', 'The transaction has ended: start another one.');
          return keeper.attempt(run);
        };
        try {
          return await work(recordsOf(keeper, { read: step, write: step }));
        } finally {
          open = false;
        }
      }, 'several'),
    );

  return {
    ...recordsOf(keeper, {
      read: (step) => whileOpen(() => group.read(step)),
      write: (step, extent = 'one') => whileOpen(() => group.write(step, extent)),
    }),
    transaction,
    exportRecords: () => exportEntries(keeper, () => whileOpen(() => keeper.openSnapshot()), pageSize),
    importRecords: (records) => transaction(() => importEntries(keeper, records)),
    async close() {
      if (closed) return;
      closed = true;
      await group.idle();
      keeper.close();
    },
  };
}

function recordsOf(keeper: RecordKeeper, { read, write }: Steps): AuthorityRecords {
  return {
    getSetting: (name) => read(() => keeper.readSetting(name)),
    setSetting: (name, value) => write(() => keeper.writeSetting(name, value)),

    getTemplate: (id) => read(() => keeper.readTemplate(id)),
    listTemplates: () => read(() => keeper.readTemplates()),
    putTemplate: (template) => write(() => keeper.writeTemplate(template)),
    deleteTemplate: (id, at) =>
      write(() => {
        const template = keeper.readTemplate(id);
        if (template === undefined || template === 'deleted') return false;
        keeper.writeDeletedTemplate(id, at);
        return true;
      }),

    getContent: (contentId) => read(() => keeper.readContent(contentId)),
    getTrackedContent: (contentId) => read(() => keeper.readTrackedContent(contentId)),
    insertContent: (content) => write(() => keeper.addContent(content)),
    renameContent: (contentId, name) => write(() => keeper.renameContent(contentId, name)),
    async *findContents(filter = {}) {
      for (let page = await read(() => keeper.readContents(filter, undefined, pageSize)); page.length > 0; ) {
        yield* page;
        const last = page.at(-1);
        page = page.length < pageSize ? [] : await read(() => keeper.readContents(filter, last, pageSize));
      }
    },

    revoke: (revocation) =>
      write(() => {
        if (keeper.readContent(revocation.contentId) === undefined)
          throw new SealwrightError(
            'CONTENT_NOT_FOUND',
            `The authority knows no content ${revocation.contentId}: take the content id from inspect or from the log.`,
          );
        return keeper.addRevocation(revocation);
      }),
    restore: (contentId, user) => write(() => keeper.removeRevocation(contentId, user)),
    listRevocations: (contentId) => read(() => keeper.readRevocations(contentId)),

    appendUsage: (records) =>
      write(() => keeper.appendUsage(records), records.length === 1 ? 'one' : 'several'),
    appendUsageOnce: (record, key, since) => write(() => keeper.appendUsageOnce(record, key, since)),
    async *usage(range = {}) {
      const last = await read(() => keeper.lastUsage());
      for (let after = 0; after < last; ) {
        const page = await read(() => keeper.readUsage(range, after, last, pageSize));
        for (const entry of page) yield entry.record;
        after = page.length < pageSize ? last : page.at(-1)!.sequence;
      }
    },
    countUsage: (range = {}) => read(() => keeper.countUsage(range)),
  };
}
