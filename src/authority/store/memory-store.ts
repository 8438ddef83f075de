import type { Template } from '../../rights/index.ts';
import type { UsageRecord } from '../usage-log/usage-record.ts';
import type {
  AuthorityStore,
  ContentFilter,
  ContentRecord,
  JsonValue,
  RevocationRecord,
  TimeRange,
} from './authority-store.ts';
import type { RecordKeeper, RecordReader } from './record-keeper.ts';
import { storeOf } from './store-of.ts';

/**
 * A store that forgets everything when it is closed: for tests, for browsers, for an authority that lives as long as a
 * program.
 */
export const createMemoryStore = (): AuthorityStore => storeOf(createMemoryKeeper());

interface Memory {
  readonly settings: Map<string, JsonValue>;
  /** A time stands for a template deleted then. */
  readonly templates: Map<string, Template | Date>;
  readonly contents: Map<string, ContentRecord>;
  readonly revocations: Map<string, RevocationRecord>;
  readonly usage: UsageRecord[];
  /** Time of the last row appended under each key. */
  readonly usageKeys: Map<string, Date>;
}

const inRange = (time: Date, { from, until }: TimeRange): boolean =>
  (from === undefined || time >= from) && (until === undefined || time < until);

const revocationKey = (contentId: string, user: string | undefined): string => `${contentId} ${user ?? ''}`;

function readMemory(memory: Memory): RecordReader {
  const readRevocations = (contentId?: string) =>
    [...memory.revocations.values()].filter(
      (each) => contentId === undefined || each.contentId === contentId,
    );
  return {
    readSetting: (name) => memory.settings.get(name),
    readSettings: () => [...memory.settings],
    readTemplate: (id) => {
      const template = memory.templates.get(id);
      return template instanceof Date ? 'deleted' : template;
    },
    readTemplates: () =>
      [...memory.templates.values()].filter((each): each is Template => !(each instanceof Date)),
    readDeletedTemplates: () =>
      [...memory.templates].flatMap(([id, each]) => (each instanceof Date ? { id, deletedAt: each } : [])),
    readContent: (contentId) => memory.contents.get(contentId),
    readContents: (filter, after, limit) =>
      [...memory.contents.values()]
        .filter((each) => matches(each, filter) && (after === undefined || byTime(after, each) < 0))
        .sort(byTime)
        .slice(0, limit),
    readRevocations,
    readTrackedContent: (contentId) => {
      const content = memory.contents.get(contentId);
      return content && { content, revocations: readRevocations(contentId) };
    },
    lastUsage: () => memory.usage.length,
    readUsage: (range, after, last, limit) => {
      const page = [];
      for (let at = after; at < last && page.length < limit; at++)
        if (inRange(memory.usage[at]!.time, range))
          page.push({ sequence: at + 1, record: memory.usage[at]! });
      return page;
    },
    countUsage: (range) => memory.usage.filter((each) => inRange(each.time, range)).length,
  };
}

const matches = (content: ContentRecord, filter: ContentFilter): boolean =>
  (filter.owner === undefined || content.owner === filter.owner) &&
  (filter.name === undefined || content.name === filter.name) &&
  inRange(content.publishedAt, filter);

const byTime = (a: ContentRecord, b: ContentRecord): number =>
  a.publishedAt.getTime() - b.publishedAt.getTime() ||
  (a.contentId < b.contentId ? -1 : Number(a.contentId > b.contentId));

function createMemoryKeeper(): RecordKeeper {
  const memory: Memory = {
    settings: new Map(),
    templates: new Map(),
    contents: new Map(),
    revocations: new Map(),
    usage: [],
    usageKeys: new Map(),
  };
  /** How to take back each change of the open transaction, in the order of the changes. */
  const undo: (() => void)[] = [];

  function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
    const before = map.get(key);
    undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
    map.set(key, value);
  }

  const forget = (): void => {
    undo.length = 0;
  };

  let savepoint = 0;
  const undoTo = (length: number): void => {
    while (undo.length > length) undo.pop()!();
  };

  function appendUsage(records: readonly UsageRecord[]): void {
    const length = memory.usage.length;
    undo.push(() => {
      memory.usage.length = length;
    });
    for (const record of records) memory.usage.push(Object.freeze({ ...record }));
  }

  return {
    ...readMemory(memory),
    attempt: async (step) => step(),
    begin: forget,
    commit: forget,
    rollback: () => undoTo(0),
    inTransaction: () => true,
    savepoint: () => {
      savepoint = undo.length;
    },
    release: () => undefined,
    rollbackToSavepoint: () => undoTo(savepoint),
    explain: (error) => error,
    // Kept as a copy, so that a value the caller changes later does not change here.
    writeSetting: (name, value) => put(memory.settings, name, JSON.parse(JSON.stringify(value)) as JsonValue),
    writeTemplate: (template) => put(memory.templates, template.id, template),
    writeDeletedTemplate: (id, deletedAt) => put(memory.templates, id, deletedAt),
    addContent: (content) => {
      if (memory.contents.has(content.contentId)) return false;
      put(memory.contents, content.contentId, Object.freeze({ ...content }));
      return true;
    },
    renameContent: (contentId, name) => {
      const content = memory.contents.get(contentId);
      if (content !== undefined) put(memory.contents, contentId, Object.freeze({ ...content, name }));
      return content !== undefined;
    },
    addRevocation: (revocation) => {
      const key = revocationKey(revocation.contentId, revocation.user);
      if (memory.revocations.has(key)) return false;
      put(memory.revocations, key, Object.freeze({ ...revocation }));
      return true;
    },
    removeRevocation: (contentId, user) => {
      const all = [...memory.revocations];
      // Whole, because putting one back would move it to the end.
      undo.push(() => {
        memory.revocations.clear();
        for (const [key, revocation] of all) memory.revocations.set(key, revocation);
      });
      return memory.revocations.delete(revocationKey(contentId, user));
    },
    appendUsage,
    appendUsageOnce: (record, key, since) => {
      const last = memory.usageKeys.get(key);
      if (last !== undefined && last >= since) return false;
      put(memory.usageKeys, key, record.time);
      appendUsage([record]);
      return true;
    },
    openSnapshot: async () => ({
      ...readMemory({
        settings: new Map(memory.settings),
        templates: new Map(memory.templates),
        contents: new Map(memory.contents),
        revocations: new Map(memory.revocations),
        usage: memory.usage.slice(),
        usageKeys: new Map(),
      }),
      close: () => undefined,
    }),
    close: () => undefined,
  };
}
