import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../license/index.ts';
import { openMessageFile } from '../../node/index.ts';
import { bulkRunStatus } from '../control/run-status.ts';
import { openBulkDatabase } from '../database/bulk-database.ts';
import { submitBulkRun } from '../submit/submit-bulk-run.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../testing/postgres-server.test-support.ts';
import { workOnBulkRuns } from './work-on-bulk-runs.ts';

describe.skipIf(findPostgres() === undefined)('a run on many machines', () => {
  let server: PostgresServer;
  let folder: string;
  beforeAll(async () => {
    server = await startPostgres(['fsync=off']);
    folder = mkdtempSync(join(tmpdir(), 'sealwright-queue-'));
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('protects every file of a folder once, with two workers at the same time', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    for (let n = 0; n < 250; n++)
      writeFileSync(join(folder, n % 2 ? 'a' : 'a/b', `f${n}.txt`), `content ${n}`);
    const authority = await createAuthority({
      store: createMemoryStore(),
      custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
    });
    const service = authority.as('alice@contoso.com');
    const database = await openBulkDatabase(server.database('once'));
    const { id, files } = await submitBulkRun(database, {
      root: folder,
      inputs: [join(folder, 'a')],
      settings: { operation: 'protect', policy: { grants: [] }, inPlace: true },
      batchFiles: 20,
    });
    expect(files).toBe(250);
    const work = () => workOnBulkRuns(database, { root: folder, service, threads: 0 });
    await Promise.all([work(), work()]);
    const status = await bulkRunStatus(database, id);
    expect(status).toMatchObject({ done: 250, failed: 0, skipped: 0, waiting: 0, started: 0 });
    expect(readdirSync(join(folder, 'a/b')).length).toBe(125);
    await database.close();
  });

  it('gives workers the cover page and the stub with the run, and each message to those it is sent to', async () => {
    mkdirSync(join(folder, 'mail'));
    writeFileSync(
      join(folder, 'mail/offer.eml'),
      'From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: Offer\r\n\r\n17 crates.\r\n',
    );
    copyFileSync('examples/documents/contract.pdf', join(folder, 'mail/contract.pdf'));
    const authority = await createAuthority({
      store: createMemoryStore(),
      custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
    });
    const database = await openBulkDatabase(server.database('documents'));
    const document = new Uint8Array(readFileSync('examples/documents/contract.pdf'));
    const { id } = await submitBulkRun(database, {
      root: folder,
      inputs: [join(folder, 'mail')],
      rules: {
        rules: [
          { match: { extensions: ['eml'] }, messagePolicy: { rights: 'do-not-forward' } },
          { policy: { grants: [] }, settings: { pdf: { cover: { document } } } },
        ],
      },
      settings: {
        operation: 'protect',
        inPlace: true,
        documentSettings: { mail: { stub: { plain: 'Ask the help desk.' } } },
      },
    });
    await workOnBulkRuns(database, { root: folder, service: authority.as('alice@contoso.com'), threads: 0 });
    expect(await bulkRunStatus(database, id)).toMatchObject({ done: 2, failed: 0, skipped: 0 });
    expect(readFileSync(join(folder, 'mail/offer.eml'), 'utf8')).toContain('Ask the help desk.');
    // The pages of the contract, which is its own cover here, are not encrypted.
    expect(readFileSync(join(folder, 'mail/contract.pdf'), 'latin1')).toContain('/EncryptedPayload');
    const message = await openMessageFile(join(folder, 'mail/offer.eml'), {
      service: authority.as('bob@contoso.com'),
    });
    expect([await message.text(), message.mayReply, message.mayForward]).toEqual([
      '17 crates.\r\n',
      true,
      false,
    ]);
    await message.close();
    await database.close();
  });
});
