import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveKey, writeArchiveHeader } from '../../src/authority/archive/archive-header.ts';
import { initAuthority, openAuthority, restoreAuthority } from '../../src/authority/folder/index.ts';
import { type Authority, readArchive } from '../../src/authority/index.ts';
import { encodeUtf8 } from '../../src/bytes/index.ts';
import { cipherMode } from '../../src/cipher/index.ts';
import { open, protect, SealwrightError } from '../../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'sealwright-archive-'));
afterAll(() => rmSync(root, { recursive: true }));

const passphrase = 'correct horse';
const text = encodeUtf8('Strictly between us.');
const names = [{ lcid: 1033, name: 'Staff only', description: 'Everyone' }];
const grants = [{ to: 'bob@contoso.com', rights: ['VIEW'] }];
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
const read = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
let places = 0;
const newFolder = (): string => join(root, `authority-${places++}`);

let original: Authority;
let archive: Uint8Array;
let files: Record<'plain' | 'withdrawn' | 'archived' | 'deleted', Uint8Array>;

/** Restores from `bytes`, expects a refusal, and gives its code once it is sure that no folder was left behind. */
async function refusal(bytes: Uint8Array, archivePassphrase = passphrase): Promise<string> {
  const folder = newFolder();
  const error = await restoreAuthority(folder, streamOf(bytes), { archivePassphrase }).then(
    () => new Error('it was restored'),
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(SealwrightError);
  expect(existsSync(folder)).toBe(false);
  return (error as SealwrightError).code;
}

/** An export with these lines, as somebody who knows the passphrase could make it. */
async function sealed(lines: readonly string[], ending = '\n'): Promise<Uint8Array> {
  const header = { iterations: 1, salt: new Uint8Array(16) };
  const binding = writeArchiveHeader(header);
  const mode = cipherMode('SEALWRIGHT.GCM64K');
  const encryptor = await mode.encryptor(await archiveKey(passphrase, header), { binding });
  const plaintext = encodeUtf8(lines.map((line) => line + ending).join(''));
  const body = new Uint8Array(mode.encryptedLength(plaintext.length));
  const length = await encryptor.encrypt(plaintext, 0, true, body);
  return new Uint8Array(Buffer.concat([binding, encryptor.preamble, body.subarray(0, length)]));
}

let lines: string[];

beforeAll(async () => {
  original = await initAuthority(newFolder(), { name: 'Contoso' });
  const alice = original.as('alice@contoso.com');
  const templates = await Promise.all([0, 1].map(() => original.templates.create({ names, grants })));
  const choices = {
    plain: { policy: { grants } },
    withdrawn: { policy: { grants } },
    archived: { template: templates[0]?.id as string },
    deleted: { template: templates[1]?.id as string },
  };
  const made = Object.entries(choices).map(async ([name, choice]) => {
    const file = await protect(text, { service: alice, name: `${name}.txt`, ...choice });
    if (name === 'withdrawn') await alice.revoke(file.contentId, { user: 'bob@contoso.com' });
    return [name, await file.bytes()] as const;
  });
  files = Object.fromEntries(await Promise.all(made)) as typeof files;
  await original.templates.archive(templates[0]?.id as string);
  await original.templates.delete(templates[1]?.id as string);
  archive = await read(original.export(passphrase));
  const { privateKey, records } = await readArchive(streamOf(archive), passphrase);
  const key = { kind: 'key', pkcs8: Buffer.from(privateKey).toString('base64') };
  lines = [key, ...(await all(records))].map((record) => JSON.stringify(record));
}, 60_000);
afterAll(() => original.close());

describe('an exported authority', () => {
  it('comes back in a new folder as it was: keys, templates, contents, withdrawals and log', async () => {
    const folder = newFolder();
    const restored = await restoreAuthority(folder, streamOf(archive), {
      archivePassphrase: passphrase,
      passphrase: 'new',
    });
    expect(restored.facts).toEqual(original.facts);
    const log = await all(original.usageLog());
    expect(await all(restored.usageLog())).toEqual(log);
    expect(log.length).toBeGreaterThan(8);
    expect(await restored.templates.list()).toEqual(await original.templates.list());

    for (const takeUp of [async () => restored, () => openAuthority(folder, { passphrase: 'new' })]) {
      const authority = await takeUp();
      const bob = authority.as('bob@contoso.com');
      for (const name of ['plain', 'archived'] as const)
        expect(await (await open(files[name], { service: bob })).bytes()).toEqual(text);
      await expect(open(files.withdrawn, { service: bob })).rejects.toMatchObject({
        details: { rule: 'revoked-for-user' },
      });
      await expect(open(files.deleted, { service: bob })).rejects.toMatchObject({
        details: { rule: 'template-deleted' },
      });
      const owner = await open(files.deleted, { service: authority.as('alice@contoso.com') });
      expect(owner.rights).toEqual(['OWNER']);
      await authority.close();
    }
  });

  it('gives the same records when it is exported again', async () => {
    const restored = await restoreAuthority(newFolder(), streamOf(archive), {
      archivePassphrase: passphrase,
    });
    const again = await readArchive(restored.export('other'), 'other');
    expect((await all(again.records)).map((record) => JSON.stringify(record))).toEqual(lines.slice(1));
    await restored.close();
  });

  it('keeps its secrets: neither key nor names stand in it', () => {
    const raw = Buffer.from(archive).toString('latin1');
    for (const secret of ['alice@contoso.com', 'Staff only', 'pkcs8']) expect(raw).not.toContain(secret);
  });

  it('stays closed to a wrong passphrase, and leaves no folder behind', async () => {
    expect(await refusal(archive, 'wrong')).toBe('DECRYPTION_FAILED');
  });

  it('is not restored over another authority, which stays as it is', async () => {
    const folder = newFolder();
    const other = await initAuthority(folder);
    const before = readdirSync(folder).sort();
    const restoring = restoreAuthority(folder, streamOf(archive), { archivePassphrase: passphrase });
    await expect(restoring).rejects.toMatchObject({ code: 'AUTHORITY_EXISTS' });
    expect(readdirSync(folder).sort()).toEqual(before);
    await other.close();
    const again = await openAuthority(folder);
    expect(again.facts).toEqual(other.facts);
    await again.close();
  });
});

describe('an export that was cut or changed', () => {
  it('is refused at whatever length it was cut', async () => {
    for (const length of [0, 1, 20, 43])
      expect(await refusal(archive.slice(0, length))).toBe('MALFORMED_ARCHIVE');
    for (const length of [44, 75, 76, 91, 92, archive.length >> 1, archive.length - 1])
      expect(await refusal(archive.slice(0, length))).toBe('DECRYPTION_FAILED');
  }, 60_000);

  it('is refused when a bit is flipped or a byte appended', async () => {
    const codes = new Set<string>();
    // Not the number of rounds, which would only take its time.
    for (const at of [0, 19, 20, 28, 43, 44, 75, 76, 1000, archive.length - 1]) {
      const changed = archive.slice();
      changed[at] = (changed[at] as number) ^ 1;
      codes.add(await refusal(changed));
    }
    codes.add(await refusal(new Uint8Array([...archive, 0])));
    expect([...codes].sort()).toEqual(['DECRYPTION_FAILED', 'MALFORMED_ARCHIVE', 'UNSUPPORTED_VERSION']);
  }, 60_000);

  it('is refused for claims without measure before anything is done for them', async () => {
    const rounds = archive.slice();
    rounds.set([0xff, 0xff, 0xff, 0xff], 24);
    expect(await refusal(rounds)).toBe('LIMIT_EXCEEDED');
    rounds.set([0, 0, 0, 0], 24);
    expect(await refusal(rounds)).toBe('MALFORMED_ARCHIVE');
    const [key] = lines as [string];
    expect(
      await refusal(await sealed([key, `{"kind":"setting","name":"a","value":"${'a'.repeat(2_000_000)}"}`])),
    ).toBe('LIMIT_EXCEEDED');
    expect(await refusal(await sealed([`{"kind":"key","pkcs8":"${'A'.repeat(400_000)}"}`]))).toBe(
      'LIMIT_EXCEEDED',
    );
  });
});

describe('an export made by someone who knows the passphrase', () => {
  it('is restored from the same lines, so that what follows is refused for its own sake', async () => {
    const restored = await restoreAuthority(newFolder(), streamOf(await sealed(lines)), {
      archivePassphrase: passphrase,
    });
    expect(restored.facts).toEqual(original.facts);
    await restored.close();
  });

  it('is refused without a key, with another one, and with one that is none', async () => {
    const other = await initAuthority(newFolder());
    const { privateKey } = await readArchive(other.export('x'), 'x');
    await other.close();
    const keyLine = (pkcs8: string): string => JSON.stringify({ kind: 'key', pkcs8 });
    const rest = lines.slice(1);
    expect(await refusal(await sealed([]))).toBe('MALFORMED_ARCHIVE');
    expect(await refusal(await sealed(rest))).toBe('MALFORMED_ARCHIVE');
    expect(await refusal(await sealed([keyLine('!!'), ...rest]))).toBe('MALFORMED_ARCHIVE');
    expect(await refusal(await sealed([keyLine('AAAA'), ...rest]))).toBe('MALFORMED_KEY');
    expect(await refusal(await sealed([keyLine(Buffer.from(privateKey).toString('base64')), ...rest]))).toBe(
      'AUTHORITY_EXISTS',
    );
  });

  it('is refused for lines that are no records, that stand twice or that refer to nothing', async () => {
    const of = (kind: string): string => lines.find((line) => line.startsWith(`{"kind":"${kind}"`)) as string;
    const nested = `{"kind":"setting","name":"a","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    for (const wrong of [
      '',
      '{',
      'null',
      '[]',
      '{"kind":"unknown"}',
      '{"kind":"usage"}',
      '{"kind":"template","template":{}}',
      of('content'),
      of('revocation'),
      of('template').replace(/"id":"[^"]*"/, '"id":"x"'),
      of('usage').replace(/"time":"[^"]*"/, '"time":"yesterday"'),
      nested,
    ])
      expect(await refusal(await sealed([...lines, wrong])), wrong.slice(0, 40)).toBe('MALFORMED_ARCHIVE');
    const withoutContents = lines.filter((line) => !line.startsWith('{"kind":"content"'));
    expect(await refusal(await sealed(withoutContents))).toBe('MALFORMED_ARCHIVE');
    expect(await refusal(await sealed(lines, ''))).toBe('MALFORMED_ARCHIVE');
  });

  it('is refused when it does not say whose it is', async () => {
    const settings: readonly (readonly [string, string])[] = [
      [lines.find((line) => line.includes('"name":"authority"')) as string, '"value":null}'],
      [lines.find((line) => line.includes('"name":"authority"')) as string, '"value":{"id":"x"}}'],
      [lines.find((line) => line.includes('"server-licensor-certificate"')) as string, '"value":7}'],
    ];
    expect(await refusal(await sealed(lines.slice(0, 1)))).toBe('MALFORMED_ARCHIVE');
    expect(await refusal(await sealed(lines.filter((line) => line !== settings[0]?.[0])))).toBe(
      'MALFORMED_ARCHIVE',
    );
    for (const [line, value] of settings) {
      const changed = lines.map((each) => (each === line ? each.replace(/"value":.*$/, value) : each));
      expect(await refusal(await sealed(changed)), value).toBe('MALFORMED_ARCHIVE');
    }
  });

  it('is let go of when it is refused', async () => {
    for (const bytes of [archive.slice(0, 10), await sealed(['{}']), await sealed([...lines, 'x'])]) {
      let released = false;
      const file = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(bytes),
        pull: (controller) =>
          bytes.length < 44 ? controller.close() : controller.enqueue(new Uint8Array(100_000)),
        cancel: () => {
          released = true;
        },
      });
      const restoring = restoreAuthority(newFolder(), file, { archivePassphrase: passphrase });
      await expect(restoring).rejects.toBeInstanceOf(SealwrightError);
      expect(released || bytes.length < 44).toBe(true);
    }
  });
});
