import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';
import { asAlice, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const documentedFields = [
  'file',
  'protected',
  'recognisedAs',
  'format',
  'formatVersion',
  'originalExtension',
  'originalSize',
  'contentOffset',
  'contentLength',
  'cipherMode',
  'contentKeyBits',
  'publishingLicenseSha256',
  'publishingLicenseLength',
  'contentId',
  'templateId',
  'descriptorId',
  'policyName',
  'owner',
  'issuer',
  'issuedAt',
  'validFrom',
  'validUntil',
  'referrer',
  'licensingUrls',
  'certificates',
  'trustAnchor',
  'labels',
];

describe('sealwright inspect', () => {
  let place: Workplace;
  let contentId: unknown;
  beforeAll(async () => {
    place = await makeWorkplace();
    const file = place.write('report.txt', 'Third quarter: up.');
    const policy = [...bobMayRead, '--valid-until', '2099-12-31T17:00Z', '--referrer', 'help@contoso.com'];
    [{ contentId }] = (await place.type(['protect', file, ...asAlice, ...policy, '--json'])).json() as [
      Record<string, unknown>,
    ];
  });
  afterAll(() => place.remove());

  it('says every documented field of a protected file, without any authority', async () => {
    const file = place.path('report.ptxt');
    const done = await typeCommand(['inspect', file, '--json']);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    const [line = {}] = done.json();
    expect(Object.keys(line)).toEqual(documentedFields);
    expect(line).toMatchObject({
      file,
      protected: true,
      format: 'pfile',
      formatVersion: '3.0',
      originalExtension: '.txt',
      originalSize: 18,
      contentId,
      templateId: null,
      owner: 'alice@contoso.com',
      issuer: 'Contoso',
      validUntil: '2099-12-31T17:00:00.000Z',
      referrer: 'help@contoso.com',
      trustAnchor: null,
      labels: [],
    });
    expect(Object.keys((line.certificates as object[])[0] ?? {})).toEqual([
      'type',
      'issuer',
      'issuerType',
      'principal',
      'issuedAt',
      'keyBits',
      'digestAlgorithm',
      'digestValid',
      'signatureValid',
    ]);
    expect(line.certificates).toMatchObject([
      {
        type: 'Publishing-License',
        keyBits: 2048,
        digestAlgorithm: 'SHA256',
        digestValid: true,
        signatureValid: true,
      },
    ]);
  });

  it('says the same fields, all of them null, of a file that is not protected, and exits with 0', async () => {
    const done = await typeCommand(['inspect', place.path('report.txt'), '--json']);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    const [line = {}] = done.json();
    expect(Object.keys(line)).toEqual(documentedFields);
    expect(line).toMatchObject({
      protected: false,
      format: null,
      contentId: null,
      certificates: [],
      labels: [],
    });
  });

  it('writes one line for each file', async () => {
    const done = await typeCommand([
      'inspect',
      place.path('report.txt'),
      place.path('report.ptxt'),
      '--json',
    ]);
    expect(done.json().map((line) => line.protected)).toEqual([false, true]);
  });

  it('tells a person the facts there are, and good from bad signatures', async () => {
    const good = await typeCommand(['inspect', place.path('report.ptxt')]);
    expect(good.stdout).toContain('owner         alice@contoso.com');
    expect(good.stdout).toContain('signature good');
    expect(good.stdout).not.toContain('null');
    const changed = place.read('report.ptxt');
    changed.write('mallory@contoso', changed.indexOf('alice@contoso'));
    const bad = await typeCommand(['inspect', place.write('changed.ptxt', changed)]);
    expect(bad.stdout).not.toContain('signature good');
  });

  it('says so, with exit code 4, when the head is damaged', async () => {
    const damaged = place.write('damaged.ptxt', place.read('report.ptxt').subarray(0, 900));
    const done = await typeCommand(['inspect', damaged, '--json']);
    expect(done.exitCode).toBe(4);
    expect(done.json()).toMatchObject([{ file: damaged, error: { code: 'MALFORMED_CONTAINER' } }]);
  });

  it('can be interrupted in the middle of a folder of many small files', async () => {
    mkdirSync(place.path('many'));
    for (let i = 0; i < 1000; i++) place.write(`many/${i}.txt`, 'x');
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(new DOMException('Interrupted.', 'AbortError')), 1);
    const done = await typeCommand(['inspect', '-r', place.path('many'), '--json'], {
      signal: interruption.signal,
    });
    expect(done.exitCode).toBe(130);
    expect(done.json().length).toBeLessThan(1000);
  });
});
