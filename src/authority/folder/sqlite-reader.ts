import type {
  ContentFilter,
  ContentRecord,
  JsonValue,
  RevocationRecord,
  TimeRange,
} from '../store/authority-store.ts';
import { parseTemplate, parseUsage } from '../store/parse-store-record.ts';
import type { RecordReader } from '../store/record-keeper.ts';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-driver.ts';

/** Prepares each statement of a database once. */
export type Statements = (sql: string) => SqliteStatement;

export function statementsOf(database: SqliteDatabase): Statements {
  const prepared = new Map<string, SqliteStatement>();
  return (sql) => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
}

interface ContentRow {
  readonly id: string;
  readonly owner: string;
  readonly issuer: string;
  readonly template_id: string | null;
  readonly name: string | null;
  readonly published_at: number;
}

interface RevocationFacts {
  readonly user: string;
  readonly revoked_by: string;
  readonly revoked_at: number;
}

interface RevocationRow extends RevocationFacts {
  readonly content_id: string;
}

/** Conditions joined with AND, and the values of their parameters. */
interface Conditions {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

function all(
  ...conditions: readonly (readonly [sql: string, ...values: SqliteValue[]] | undefined)[]
): Conditions {
  const given = conditions.filter((each) => each !== undefined);
  return {
    sql: ['TRUE', ...given.map(([sql]) => sql)].join(' AND '),
    values: given.flatMap(([, ...values]) => values),
  };
}

const inRange = (column: string, { from, until }: TimeRange) =>
  [
    from && ([`${column} >= ?`, from.getTime()] as const),
    until && ([`${column} < ?`, until.getTime()] as const),
  ] as const;

const contentOf = (row: ContentRow): ContentRecord => ({
  contentId: row.id,
  owner: row.owner,
  issuer: row.issuer,
  templateId: row.template_id ?? undefined,
  name: row.name ?? undefined,
  publishedAt: new Date(row.published_at),
});

const revocationOf = (contentId: string, row: RevocationFacts): RevocationRecord => ({
  contentId,
  user: row.user === '' ? undefined : row.user,
  by: row.revoked_by,
  at: new Date(row.revoked_at),
});

function contentConditions(filter: ContentFilter, after: ContentRecord | undefined): Conditions {
  return all(
    filter.owner === undefined ? undefined : ['owner = ?', filter.owner],
    filter.name === undefined ? undefined : ['name = ?', filter.name],
    ...inRange('published_at', filter),
    after && ['(published_at, id) > (?, ?)', after.publishedAt.getTime(), after.contentId],
  );
}

/** Reads the records of an authority through one connection. */
export function readSqlite(statement: Statements): RecordReader {
  return {
    readSetting: (name) => {
      const row = statement('SELECT value FROM settings WHERE name = ?').get(name) as
        | { value: string }
        | undefined;
      return row && (JSON.parse(row.value) as JsonValue);
    },
    readSettings: () => {
      const rows = statement('SELECT name, value FROM settings ORDER BY name').all() as {
        name: string;
        value: string;
      }[];
      return rows.map((row) => [row.name, JSON.parse(row.value) as JsonValue]);
    },
    readTemplate: (id) => {
      const row = statement('SELECT template FROM templates WHERE id = ?').get(id) as
        | { template: string | null }
        | undefined;
      if (row === undefined) return undefined;
      return row.template === null ? 'deleted' : parseTemplate(JSON.parse(row.template));
    },
    readTemplates: () => {
      const rows = statement(
        'SELECT template FROM templates WHERE template IS NOT NULL ORDER BY place',
      ).all();
      return (rows as { template: string }[]).map((row) => parseTemplate(JSON.parse(row.template)));
    },
    readDeletedTemplates: () => {
      const rows = statement(
        'SELECT id, deleted_at FROM templates WHERE template IS NULL ORDER BY place',
      ).all();
      return (rows as { id: string; deleted_at: number }[]).map((row) => ({
        id: row.id,
        deletedAt: new Date(row.deleted_at),
      }));
    },
    readContent: (contentId) => {
      const row = statement('SELECT * FROM contents WHERE id = ?').get(contentId) as ContentRow | undefined;
      return row && contentOf(row);
    },
    readContents: (filter, after, limit) => {
      const { sql, values } = contentConditions(filter, after);
      const rows = statement(`SELECT * FROM contents WHERE ${sql} ORDER BY published_at, id LIMIT ?`).all(
        ...values,
        limit,
      );
      return (rows as ContentRow[]).map(contentOf);
    },
    readTrackedContent: (contentId) => {
      const rows = statement(
        'SELECT contents.*, user, revoked_by, revoked_at FROM contents LEFT JOIN revocations ON content_id = id WHERE id = ? ORDER BY place',
      ).all(contentId) as (ContentRow & (RevocationFacts | { readonly user: null }))[];
      if (rows[0] === undefined) return undefined;
      const content = contentOf(rows[0]);
      return {
        content,
        revocations: rows.flatMap((row) => (row.user === null ? [] : revocationOf(content.contentId, row))),
      };
    },
    readRevocations: (contentId) => {
      const { sql, values } = all(contentId === undefined ? undefined : ['content_id = ?', contentId]);
      const rows = statement(`SELECT * FROM revocations WHERE ${sql} ORDER BY place`).all(
        ...values,
      ) as RevocationRow[];
      return rows.map((row) => revocationOf(row.content_id, row));
    },
    lastUsage: () => {
      const row = statement('SELECT max(sequence) AS last FROM usage_log').get() as { last: number | null };
      return row.last ?? 0;
    },
    readUsage: (range, after, last, limit) => {
      const { sql, values } = all(['sequence > ? AND sequence <= ?', after, last], ...inRange('time', range));
      const rows = statement(
        `SELECT sequence, record FROM usage_log WHERE ${sql} ORDER BY sequence LIMIT ?`,
      ).all(...values, limit);
      return (rows as { sequence: number; record: string }[]).map((row) => ({
        sequence: row.sequence,
        record: parseUsage(JSON.parse(row.record)),
      }));
    },
    countUsage: (range) => {
      const { sql, values } = all(...inRange('time', range));
      return (
        statement(`SELECT count(*) AS rows FROM usage_log WHERE ${sql}`).get(...values) as { rows: number }
      ).rows;
    },
  };
}
