import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthorityStore, ContentRecord } from '../../src/authority/store/authority-store.ts';
import type { UsageRecord } from '../../src/authority/usage-log/usage-record.ts';
import { defineTemplate, type Template } from '../../src/rights/index.ts';

const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 0, minute));
const guid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const template = (n: number, name = `Template ${n}`): Template =>
  defineTemplate(
    {
      id: guid(n),
      names: [{ lcid: 1033, name, description: 'for tests' }],
      grants: [{ to: 'contoso.com', rights: ['VIEW', 'X.CUSTOM'] }],
      expiration: { kind: 'on', date: at(600) },
      offlineDays: 7,
      referrer: 'help@contoso.com',
      scope: ['contoso.com'],
    },
    at(n),
  );

const content = (n: number, changes: Partial<ContentRecord> = {}): ContentRecord => ({
  contentId: guid(n),
  owner: 'olga@contoso.com',
  issuer: 'ivan@contoso.com',
  templateId: undefined,
  name: `file ${n}.txt`,
  publishedAt: at(n),
  ...changes,
});

const usage = (n: number, changes: Partial<UsageRecord> = {}): UsageRecord => ({
  time: at(n),
  rowId: guid(n),
  requestType: 'AcquireLicense',
  userId: 'bob@contoso.com',
  result: 'Success',
  correlationId: guid(n + 1000),
  ...changes,
});

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

const code = (expected: string) => expect.objectContaining({ code: expected });

/**
 * What every `AuthorityStore` does.
 *
 * @param open - gives a new, empty store each time.
 */
export function describeAuthorityStore(name: string, open: () => Promise<AuthorityStore>): void {
  describe(`the authority store in ${name}`, () => {
    let store: AuthorityStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    describe('settings', () => {
      it('come back as they were written, and can be replaced', async () => {
        const value = { text: 'ä "quoted"\n', list: [1, null, true], nested: { a: 0.5 } };
        expect(await store.getSetting('a')).toBeUndefined();
        await store.setSetting('a', value);
        await store.setSetting('b', null);
        expect(await store.getSetting('a')).toEqual(value);
        expect(await store.getSetting('b')).toBeNull();
        await store.setSetting('a', 2);
        expect(await store.getSetting('a')).toBe(2);
      });

      it('do not change when the caller changes the value afterwards', async () => {
        const value = { list: [1] };
        await store.setSetting('a', value);
        value.list.push(2);
        expect(await store.getSetting('a')).toEqual({ list: [1] });
      });
    });

    describe('templates', () => {
      it('come back whole and are listed in the order in which they were created', async () => {
        for (const n of [3, 1, 2]) await store.putTemplate(template(n));
        expect(await store.getTemplate(guid(1))).toEqual(template(1));
        expect(await store.listTemplates()).toEqual([3, 1, 2].map((n) => template(n)));
      });

      it('are replaced in place', async () => {
        for (const n of [1, 2]) await store.putTemplate(template(n));
        await store.putTemplate(template(1, 'Renamed'));
        expect((await store.listTemplates()).map((each) => each.names[0]?.name)).toEqual([
          'Renamed',
          'Template 2',
        ]);
      });

      it('are told apart: unknown, deleted, created again', async () => {
        expect(await store.getTemplate(guid(1))).toBeUndefined();
        expect(await store.deleteTemplate(guid(1), at(0))).toBe(false);
        expect(await store.getTemplate(guid(1))).toBeUndefined();
        await store.putTemplate(template(1));
        expect(await store.deleteTemplate(guid(1), at(5))).toBe(true);
        expect(await store.deleteTemplate(guid(1), at(6))).toBe(false);
        expect(await store.getTemplate(guid(1))).toBe('deleted');
        expect(await store.listTemplates()).toEqual([]);
        await store.putTemplate(template(1));
        expect(await store.getTemplate(guid(1))).toEqual(template(1));
      });
    });

    describe('contents', () => {
      it('are kept as they were first recorded', async () => {
        const first = content(1, { templateId: guid(9) });
        expect(await store.insertContent(first)).toBe(true);
        expect(await store.insertContent(content(1, { owner: 'mallory@contoso.com' }))).toBe(false);
        expect(await store.getContent(guid(1))).toEqual(first);
        expect(await store.getContent(guid(2))).toBeUndefined();
      });

      it('can be named later', async () => {
        await store.insertContent(content(1, { name: undefined }));
        expect(await store.renameContent(guid(1), 'plan.txt')).toBe(true);
        expect(await store.renameContent(guid(2), 'plan.txt')).toBe(false);
        expect((await store.getContent(guid(1)))?.name).toBe('plan.txt');
      });

      it('are found by owner, name and time, in the order of publishing', async () => {
        await store.insertContent(content(3));
        await store.insertContent(content(1, { name: 'x' }));
        await store.insertContent(content(2, { owner: 'eva@contoso.com', name: 'x' }));
        await store.insertContent(content(4, { publishedAt: at(3) }));
        const found = async (filter: Parameters<AuthorityStore['findContents']>[0]) =>
          (await gather(store.findContents(filter))).map((each) =>
            Number.parseInt(each.contentId.slice(-2), 16),
          );
        expect(await found({})).toEqual([1, 2, 3, 4]);
        expect(await found({ owner: 'olga@contoso.com' })).toEqual([1, 3, 4]);
        expect(await found({ name: 'x' })).toEqual([1, 2]);
        expect(await found({ name: 'x', owner: 'eva@contoso.com' })).toEqual([2]);
        expect(await found({ from: at(2), until: at(3) })).toEqual([2]);
        expect(await found({ from: at(3) })).toEqual([3, 4]);
        expect(await found({ owner: "' OR 1=1 --" })).toEqual([]);
      });

      it('are all found where there are many, also when published in the same minute', async () => {
        await store.transaction(async (records) => {
          for (let n = 0; n < 1203; n++) await records.insertContent(content(n, { publishedAt: at(n % 2) }));
        });
        const ids = (await gather(store.findContents())).map((each) => each.contentId);
        expect(new Set(ids).size).toBe(1203);
      });
    });

    describe('revocations', () => {
      it('are kept for everyone and for one user, once each', async () => {
        await store.insertContent(content(1));
        const all = { contentId: guid(1), user: undefined, by: 'olga@contoso.com', at: at(2) };
        const bob = { contentId: guid(1), user: 'bob@contoso.com', by: 'olga@contoso.com', at: at(1) };
        expect(await store.revoke(all)).toBe(true);
        expect(await store.revoke(bob)).toBe(true);
        expect(await store.revoke({ ...bob, at: at(9) })).toBe(false);
        expect(await store.listRevocations(guid(1))).toEqual([all, bob]);
        expect(await store.listRevocations(guid(2))).toEqual([]);
      });

      it('are undone one by one', async () => {
        await store.insertContent(content(1));
        for (const user of [undefined, 'bob@contoso.com'])
          await store.revoke({ contentId: guid(1), user, by: 'olga@contoso.com', at: at(1) });
        expect(await store.restore(guid(1))).toBe(true);
        expect(await store.restore(guid(1))).toBe(false);
        expect((await store.listRevocations(guid(1))).map((each) => each.user)).toEqual(['bob@contoso.com']);
        expect(await store.restore(guid(1), 'bob@contoso.com')).toBe(true);
        expect(await store.listRevocations(guid(1))).toEqual([]);
      });

      it('come with their content, as both are at one moment', async () => {
        expect(await store.getTrackedContent(guid(1))).toBeUndefined();
        await store.insertContent(content(1, { templateId: guid(9) }));
        await store.insertContent(content(2));
        const known = content(1, { templateId: guid(9) });
        expect(await store.getTrackedContent(guid(1))).toEqual({ content: known, revocations: [] });
        const all = { contentId: guid(1), user: undefined, by: 'olga@contoso.com', at: at(2) };
        const bob = { contentId: guid(1), user: 'bob@contoso.com', by: 'olga@contoso.com', at: at(1) };
        for (const each of [all, bob]) await store.revoke(each);
        expect(await store.getTrackedContent(guid(1))).toEqual({ content: known, revocations: [all, bob] });
        expect(await store.getTrackedContent(guid(2))).toEqual({ content: content(2), revocations: [] });
      });

      it('are refused for a content nobody knows', async () => {
        await expect(
          store.revoke({ contentId: guid(7), user: undefined, by: 'olga@contoso.com', at: at(1) }),
        ).rejects.toEqual(code('CONTENT_NOT_FOUND'));
      });
    });

    describe('the usage log', () => {
      it('gives whole rows back in the order in which they were appended', async () => {
        const full = usage(5, {
          contentId: guid(1),
          ownerEmail: 'olga@contoso.com',
          issuer: 'ivan@contoso.com',
          templateId: guid(2),
          fileName: 'a\tb.txt',
          datePublished: at(1),
          clientInfo: 'SDK;version=1',
          clientAddress: '192.0.2.1',
          adminAction: true,
          actingAsUser: 'eva@contoso.com',
        });
        await store.appendUsage([full, usage(3)]);
        await store.appendUsage([]);
        await store.appendUsage([usage(4, { result: 'AccessDenied' })]);
        expect(await gather(store.usage())).toEqual([full, usage(3), usage(4, { result: 'AccessDenied' })]);
      });

      it('filters by time: from included, until not', async () => {
        await store.appendUsage([1, 4, 2, 3].map((n) => usage(n)));
        const minutes = async (range: Parameters<AuthorityStore['usage']>[0]) =>
          (await gather(store.usage(range))).map((each) => each.time.getUTCMinutes());
        expect(await minutes({ from: at(2), until: at(4) })).toEqual([2, 3]);
        expect(await minutes({ from: at(3) })).toEqual([4, 3]);
        expect(await minutes({ until: at(2) })).toEqual([1]);
        expect(await store.countUsage({ from: at(2), until: at(4) })).toBe(2);
        expect(await store.countUsage()).toBe(4);
      });

      it('ends with the row that was last when reading began, while others append', async () => {
        await store.appendUsage(Array.from({ length: 1201 }, (_, n) => usage(n)));
        let seen = 0;
        for await (const row of store.usage()) {
          expect(row.time).toEqual(at(seen));
          if (seen++ % 100 === 0) await store.appendUsage([usage(9999)]);
        }
        expect(seen).toBe(1201);
      });
    });

    describe('rows appended once', () => {
      const once = (n: number, key: string, since: number) => store.appendUsageOnce(usage(n), key, at(since));
      const minutes = async () => (await gather(store.usage())).map((each) => each.time.getUTCMinutes());

      it('are not appended again under their key, until the earlier row is too old', async () => {
        expect(await once(1, 'a', 0)).toBe(true);
        expect(await once(2, 'a', 1)).toBe(false);
        expect(await once(3, 'b', 0)).toBe(true);
        expect(await once(4, 'a', 2)).toBe(true);
        expect(await once(5, 'a', 4)).toBe(false);
        await store.appendUsage([usage(6), usage(6)]);
        expect(await minutes()).toEqual([1, 3, 4, 6, 6]);
      });

      it('come back as whole as others, and are exported without their key', async () => {
        await once(1, 'a secret key', 0);
        expect(await gather(store.usage())).toEqual([usage(1)]);
        expect(JSON.stringify(await gather(store.exportRecords()))).not.toContain('secret');
      });

      it('are one row when many append it at the same time', async () => {
        const appended = await Promise.all(Array.from({ length: 30 }, () => once(1, 'a', 0)));
        expect(appended.filter(Boolean)).toHaveLength(1);
        expect(await store.countUsage()).toBe(1);
      });

      it('can be appended after a transaction that appended one was undone', async () => {
        const failure = new Error('on purpose');
        await expect(
          store.transaction(async (records) => {
            expect(await records.appendUsageOnce(usage(1), 'a', at(0))).toBe(true);
            expect(await records.appendUsageOnce(usage(1), 'a', at(0))).toBe(false);
            throw failure;
          }),
        ).rejects.toBe(failure);
        expect(await minutes()).toEqual([]);
        expect(await once(2, 'a', 0)).toBe(true);
      });
    });

    describe('a transaction', () => {
      it('keeps all of its changes', async () => {
        const result = await store.transaction(async (records) => {
          await records.insertContent(content(1));
          await records.appendUsage([usage(1)]);
          expect(await records.getContent(guid(1))).toBeDefined();
          return 'done';
        });
        expect(result).toBe('done');
        expect(await store.getContent(guid(1))).toBeDefined();
        expect(await store.countUsage()).toBe(1);
      });

      it('keeps none of them if it throws', async () => {
        await store.setSetting('a', 1);
        await store.putTemplate(template(1));
        await store.insertContent(content(1));
        for (const user of ['a@b.example', undefined])
          await store.revoke({ contentId: guid(1), user, by: 'olga@contoso.com', at: at(1) });
        await store.appendUsage([usage(1)]);
        const before = await gather(store.exportRecords());
        const failure = new Error('on purpose');
        await expect(
          store.transaction(async (records) => {
            await records.setSetting('a', 2);
            await records.setSetting('b', 2);
            await records.deleteTemplate(guid(1), at(2));
            await records.putTemplate(template(2));
            await records.insertContent(content(2));
            await records.renameContent(guid(1), 'other');
            await records.restore(guid(1), 'a@b.example');
            await records.revoke({
              contentId: guid(1),
              user: 'b@b.example',
              by: 'olga@contoso.com',
              at: at(1),
            });
            await records.appendUsage([usage(2)]);
            throw failure;
          }),
        ).rejects.toBe(failure);
        expect(await gather(store.exportRecords())).toEqual(before);
      });

      it('is not seen, and not mixed with, from outside while it runs', async () => {
        const inside = store.transaction(async (records) => {
          await records.setSetting('n', 1);
          await new Promise((resolve) => setTimeout(resolve, 20));
          await records.setSetting('n', ((await records.getSetting('n')) as number) + 1);
        });
        await Promise.all([inside, store.setSetting('n', 10)]);
        expect(await store.getSetting('n')).toBe(10);
      });

      it('lets many that run at once add up', async () => {
        await store.setSetting('n', 0);
        await Promise.all(
          Array.from({ length: 20 }, () =>
            store.transaction(async (records) => {
              await records.setSetting('n', ((await records.getSetting('n')) as number) + 1);
            }),
          ),
        );
        expect(await store.getSetting('n')).toBe(20);
      });

      it('that throws takes nothing with it that others asked for at the same time', async () => {
        const failure = new Error('on purpose');
        const outcomes = await Promise.allSettled([
          store.appendUsage([usage(1)]),
          store.transaction(async (records) => {
            await records.appendUsage([usage(2)]);
            await records.insertContent(content(2));
            throw failure;
          }),
          store.revoke({ contentId: guid(7), user: undefined, by: 'olga@contoso.com', at: at(1) }),
          store.insertContent(content(3)),
          store.transaction((records) => records.appendUsage([usage(4)])),
          store.appendUsageOnce(usage(5), 'a', at(0)),
        ]);
        expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([
          true,
          false,
          false,
          true,
          true,
          true,
        ]);
        expect((await gather(store.usage())).map((each) => each.time.getUTCMinutes())).toEqual([1, 4, 5]);
        expect((await gather(store.findContents())).map((each) => each.contentId)).toEqual([guid(3)]);
      });

      it('refuses to be used after its end', async () => {
        const records = await store.transaction(async (inside) => inside);
        await expect(records.getSetting('a')).rejects.toEqual(code('INVALID_ARGUMENT'));
      });
    });

    describe('export and import', () => {
      const fill = async () => {
        await store.setSetting('id', { guid: guid(1) });
        for (const n of [2, 1]) await store.putTemplate(template(n));
        await store.putTemplate(template(3));
        await store.deleteTemplate(guid(3), at(4));
        for (let n = 0; n < 3; n++) await store.insertContent(content(n, n === 1 ? { name: undefined } : {}));
        await store.revoke({
          contentId: guid(1),
          user: 'bob@contoso.com',
          by: 'olga@contoso.com',
          at: at(5),
        });
        await store.revoke({ contentId: guid(1), user: undefined, by: 'olga@contoso.com', at: at(6) });
        await store.appendUsage(Array.from({ length: 1100 }, (_, n) => usage(n, { datePublished: at(1) })));
      };

      it('carry everything over, through JSON text', async () => {
        await fill();
        const lines = (await gather(store.exportRecords())).map((record) => JSON.stringify(record));
        const other = await open();
        await other.importRecords(lines.map((line) => JSON.parse(line)));
        expect((await gather(other.exportRecords())).map((record) => JSON.stringify(record))).toEqual(lines);
        expect(await other.getTemplate(guid(3))).toBe('deleted');
        expect(await other.getTemplate(guid(2))).toEqual(template(2));
        await other.close();
      });

      it('show the moment at which the export began', async () => {
        await fill();
        let count = 0;
        for await (const record of store.exportRecords()) {
          if (count === 0) {
            await store.appendUsage([usage(5000)]);
            await store.insertContent(content(500));
            await store.setSetting('later', true);
          }
          expect(JSON.stringify(record)).not.toMatch(/later|file 500/);
          count++;
        }
        expect(count).toBe(1 + 2 + 1 + 3 + 2 + 1100);
      });

      it('may be given up halfway', async () => {
        await fill();
        for await (const _ of store.exportRecords()) break;
        await store.setSetting('still', 'works');
        expect(await store.getSetting('still')).toBe('works');
      });

      it('refuse to mix with records that are there', async () => {
        await store.appendUsage([usage(1)]);
        await expect(store.importRecords([])).rejects.toEqual(code('AUTHORITY_EXISTS'));
      });

      it('keep nothing of an import that fails late', async () => {
        await fill();
        const records: unknown[] = await gather(store.exportRecords());
        const other = await open();
        for (const bad of [
          null,
          7,
          {},
          { kind: 'content' },
          { kind: 'usage', usage: { time: 'x' } },
          records[4],
        ])
          await expect(other.importRecords([...records, bad])).rejects.toEqual(code('MALFORMED_ARCHIVE'));
        expect(await gather(other.exportRecords())).toEqual([]);
        await other.importRecords(records);
        await other.close();
      });

      it('answer changed records with the one error, whatever was changed', async () => {
        await fill();
        const records = (await gather(store.exportRecords()))
          .slice(0, 12)
          .map((record) => JSON.stringify(record));
        const other = await open();
        const mutation = fc.tuple(
          fc.constantFrom(...records),
          fc.nat(),
          fc.nat(),
          fc.string({ maxLength: 5 }),
        );
        await fc.assert(
          fc.asyncProperty(mutation, async ([line, from, length, put]) => {
            const start = from % line.length;
            const changed = line.slice(0, start) + put + line.slice(start + (length % 20));
            let record: unknown;
            try {
              record = JSON.parse(changed);
            } catch {
              return;
            }
            const undo = new Error('undo');
            const outcome = other.importRecords(
              (function* () {
                yield record;
                throw undo;
              })(),
            );
            const error: unknown = await outcome.catch((reason: unknown) => reason);
            if (error !== undo) expect(error).toEqual(code('MALFORMED_ARCHIVE'));
          }),
          { numRuns: 300 },
        );
        expect(await gather(other.exportRecords())).toEqual([]);
        await other.close();
      });
    });

    it('refuses every operation after it was closed, and may be closed twice', async () => {
      await store.close();
      await store.close();
      await expect(store.getSetting('a')).rejects.toEqual(code('INVALID_ARGUMENT'));
      await expect(store.transaction(async () => 1)).rejects.toEqual(code('INVALID_ARGUMENT'));
    });
  });
}
