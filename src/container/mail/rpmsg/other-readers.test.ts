import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { inflatedEnvelope } from './envelope/inflated-envelope.ts';
import { decryptedRpmsg, readRpmsg } from './read-rpmsg.ts';
import { bytesOf, cipher, message, protectedBytes, textSource } from './rpmsg.test-support.ts';

const program = ['7zz', '7z'].find((name) => spawnSync(name, ['i']).status === 0);
const folder = mkdtempSync(join(tmpdir(), 'sealwright-rpmsg-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contents = 'contents of an attachment '.repeat(1000);
const attachment = {
  kind: 'file',
  name: 'a.txt',
  contentType: 'text/plain',
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
  content: textSource(contents),
} as const;

describe.skipIf(program === undefined)('another reader of compound files (skipped without 7-Zip)', () => {
  const run = (...parameters: readonly string[]) => {
    const { stdout, status } = spawnSync(program as string, parameters, { maxBuffer: 1e8 });
    expect(status).toBe(0);
    return stdout;
  };
  const asFile = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  it('finds the data spaces and the content of the outer file, and nothing of the message', async () => {
    const bytes = await protectedBytes(message({ attachments: [attachment] }));
    const outer = asFile(
      'outer.bin',
      (await bytesOf(await inflatedEnvelope(memorySource(bytes)))) as Uint8Array,
    );
    run('t', '-tCompound', outer);
    const listed = run('l', '-slt', '-tCompound', outer).toString();
    for (const name of ['DataSpaceMap', 'DRMContent', 'Primary', 'DRMDataSpace', 'Version'])
      expect(listed).toContain(name);
    expect(listed).not.toContain('Attachment');
  });

  it('reads body and attachment of the inner file', async () => {
    const bytes = await protectedBytes(message({ attachments: [attachment] }));
    const plaintext = await decryptedRpmsg(await readRpmsg(memorySource(bytes)), cipher());
    const inner = asFile('inner.bin', (await bytesOf(plaintext)) as Uint8Array);
    run('t', '-tCompound', inner);
    expect(run('x', '-so', '-tCompound', inner, 'BodyPT-HTML').toString()).toBe(
      'Good morning, <you> & all.\r\n',
    );
    const path = 'Attachment List/MailAttachment 0/AttachContents';
    expect(run('x', '-so', '-tCompound', inner, path).toString()).toBe(contents);
  });
});
