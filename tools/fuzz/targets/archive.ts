import { createAuthority, createMemoryStore, readArchive } from '../../../src/authority/index.ts';
import { custodianFromPkcs8 } from '../../../src/license/index.ts';
import { corpusFile } from '../samples.ts';
import { passphrase, sealedArchive } from '../seal-archive.ts';
import { type FuzzTarget, must } from '../target.ts';

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\u0000',
  '\\ud800',
  'null',
  'true',
  '-0',
  '1e999',
  '{}',
  '[]',
  '""',
  '\n',
  '\r',
]
  .concat([
    '"kind":"usage"',
    '"kind":"template"',
    '"kind":"setting"',
    '"kind":"content"',
    '"__proto__":{"a":1}',
  ])
  .concat([
    '"2026-13-41T99:99:99Z"',
    '"0001-01-01T00:00:00Z"',
    '"+275760-09-13T00:00:00.001Z"',
    '"user":null',
  ]);

/** Exports as they are on disk: hardly any change gets past the encryption. */
export async function sealedArchiveTarget(): Promise<FuzzTarget> {
  const whole = await sealedArchive(corpusFile('authority.jsonl'));
  return {
    habits: { head: 100 },
    samples: [whole],
    async check(input) {
      const outcome = await restore(input);
      must(Buffer.compare(input, whole) === 0, 'a changed export was restored');
      return outcome;
    },
  };
}

/** The lines inside an export, sealed again after the change, as somebody who knows the passphrase could. */
export async function archiveLinesTarget(): Promise<FuzzTarget> {
  const whole = corpusFile('authority.jsonl');
  // Lines can be read in any order, so that one is cut out and another one taken in.
  const lines = new TextDecoder().decode(whole).split('\n');
  const key = `${lines[0]}\n`;
  const single = lines.slice(1, -1).map((line) => new TextEncoder().encode(`${key}${line}\n`));
  return {
    habits: {
      tokens,
      nests: [
        ['[', ']'],
        ['{"a":', '}'],
        ['"', '"'],
      ],
    },
    samples: [whole, whole, ...single],
    check: async (input) => restore(await sealedArchive(input)),
  };
}

async function restore(archive: Uint8Array): Promise<string> {
  const { privateKey, records } = await readArchive(
    new Blob([archive as Uint8Array<ArrayBuffer>]).stream(),
    passphrase,
  );
  const store = createMemoryStore();
  await store.importRecords(records);
  const custodian = await custodianFromPkcs8(privateKey);
  const authority = await createAuthority({ store, custodian });
  must(/^[0-9a-f-]{36}$/.test(authority.facts.id), 'an authority has an id');
  must(typeof authority.facts.name === 'string', 'an authority has a name');
  must(!Number.isNaN(authority.facts.createdAt.getTime()), 'an authority has a time of birth');
  const templates = await authority.templates.list();
  for (const { id } of templates) await authority.templates.export(id);
  await authority.as('alice@contoso.com').listTemplates();
  let rows = 0;
  for await (const row of authority.usageLog()) rows += Number(row.time.getTime() > 0);
  const again = createMemoryStore();
  await again.importRecords(store.exportRecords());
  await authority.close();
  return rows > 0 ? 'restored' : 'restored without a log';
}
