import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import { cipherMode } from '../../../src/cipher/index.ts';
import { mailFormat } from '../../../src/container/index.ts';
import { buildPdf } from '../../../src/container/pdf/test/build-pdf.ts';
import {
  doNotForward,
  encryptOnly,
  inspect,
  open,
  openMessage,
  protect,
  removeProtection,
  reprotect,
} from '../../../src/index.ts';
import { workbook } from '../../../src/label/package/workbook.test-support.ts';
import { openRightsStage, type RightsStage } from './rights-stage.ts';

// Everything here goes over HTTPS, to a server whose people sign in at a real OpenID provider.
const alice = 'alice@contoso.com';
const bob = 'bob@contoso.com';
const carol = 'carol@fabrikam.com';
const eve = 'eve@contoso.com';
const expires = new Date(Date.UTC(2035, 0, 1));

let stage: RightsStage;
let protectedBefore: Uint8Array;
beforeAll(async () => {
  stage = await openRightsStage();
  protectedBefore = await (
    await protect(strToU8('For Carol only.'), {
      service: stage.as(alice),
      policy: { grants: [{ to: carol, rights: ['VIEW'] }] },
      name: 'secret.txt',
    })
  ).bytes();
});
afterAll(() => stage?.close());

/** What the people of a message may do: usage rights, "Special mail protections". */
const recipientsOfDoNotForward = 'VIEW DOCEDIT EDIT OBJMODEL REPLY REPLYALL VIEWRIGHTSDATA';
const recipientsOfEncryptOnly = `${recipientsOfDoNotForward} COMMENT EXTRACT PRINT FORWARD EDITRIGHTSDATA`;
const everything = `${recipientsOfEncryptOnly} EXPORT OWNER`.split(' ');
const options = { validUntil: expires };
const protections = [
  {
    name: 'Do Not Forward',
    policy: doNotForward([bob, carol], options),
    rights: recipientsOfDoNotForward.split(' '),
    flags: { mayReply: true, mayReplyAll: true, mayForward: false, mayCopy: false, mayPrint: false },
    told: `${bob} may not forward it, copy from it or print it (FORWARD, EXTRACT, PRINT not granted).`,
  },
  {
    name: 'Encrypt-Only',
    policy: encryptOnly([bob, carol], options),
    rights: recipientsOfEncryptOnly.split(' '),
    flags: { mayReply: true, mayReplyAll: true, mayForward: true, mayCopy: true, mayPrint: true },
    told: undefined,
  },
];

const workbookBytes = zipSync(
  Object.fromEntries(Object.entries(workbook).map(([name, text]) => [name, strToU8(text)])),
);
const pdfBytes = buildPdf()
  .object(1, '<</Type/Catalog/Pages 2 0 R>>')
  .object(2, '<</Type/Pages/Count 1/Kids[3 0 R]>>')
  .object(3, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>')
  .stream(4, '', 'BT (Revenue) Tj ET')
  .table('/Root 1 0 R/ID[<0102><0304>]')
  .end()
  .bytes();
const idea = 'From: carol@fabrikam.com\r\nTo: alice@contoso.com\r\nSubject: Idea\r\n\r\nLater.';
/** Attachments, and whether each is protected on its own within the message. */
const attachments = () =>
  [
    { name: 'notes.txt', bytes: strToU8('Notes'), own: false },
    { name: 'plan.xlsx', bytes: workbookBytes, own: true },
    { name: 'plan.pdf', bytes: pdfBytes, own: true },
    { name: 'idea.eml', bytes: strToU8(idea), own: true },
    { name: 'secret.ptxt', bytes: protectedBefore, own: true },
  ] as const;

function message(): Uint8Array {
  const parts = attachments().map(
    ({ name, bytes }) =>
      `--limit\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n` +
      `Content-Disposition: attachment; filename="${name}"\r\n\r\n${Buffer.from(bytes).toString('base64')}\r\n`,
  );
  return strToU8(
    `From: Alice <${alice}>\r\nTo: ${bob}\r\nCc: ${carol}\r\nSubject: Third quarter\r\nMessage-ID: <1@contoso.com>\r\n` +
      `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="limit"\r\n\r\n--limit\r\nContent-Type: text/plain\r\n\r\n` +
      `Revenue is up.\r\n${parts.join('')}--limit\r\nContent-Type: message/rfc822\r\n\r\n${idea}\r\n--limit--\r\n`,
  );
}

/** The attachments as they stand within the message, which is how they are when they are taken out of it. */
async function takenOut(bytes: Uint8Array, by: string): Promise<Uint8Array[]> {
  const container = await mailFormat.read(memorySource(bytes));
  const license = await stage.as(by).acquireUseLicense(container.publishingLicense, {});
  const mode = cipherMode(container.cipherModeFor(license.cipherMode));
  const opened = await container.message({ mode, key: license.contentKey });
  const files: Uint8Array[] = [];
  for (const each of opened.message.attachments)
    if (each.kind === 'file') files.push(new Uint8Array(await each.content.read(0, each.content.size ?? 0)));
  await opened.close();
  return files;
}

const draft = (from: string) => ({ from, text: 'Thank you.' });
const refusedBy = (rule: string) => ({ code: 'ACCESS_DENIED', details: { rule } });

describe.each(protections)('$name over the network', ({ name, policy, rights, flags, told }) => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    const service = stage.as(alice);
    const given = { service, policy, name: 'quarter.eml', interop: 'microsoft' } as const;
    bytes = await (await protect(message(), given)).bytes();
  });
  const openAs = (who: string, input = bytes) => openMessage(input, { service: stage.as(who) });

  it('says in the clear what it is and who protected it', async () => {
    expect(await inspect(bytes)).toMatchObject({ format: 'mail', policyName: name, owner: alice });
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('Revenue');
  });

  it('opens for sender and recipients with the rights of the table, and for nobody else', async () => {
    for (const [who, may] of [
      [alice, everything],
      [bob, rights],
      [carol, rights],
    ] as const) {
      const opened = await openAs(who);
      expect(await opened.text()).toContain('Revenue is up.');
      expect(everything.filter(opened.may).sort()).toEqual([...may].sort());
      const sender = { mayReply: true, mayReplyAll: true, mayForward: true, mayCopy: true, mayPrint: true };
      expect(opened).toMatchObject(who === alice ? sender : flags);
      expect(opened.contentValidUntil).toEqual(who === alice ? undefined : expires);
      opened.close();
    }
    await expect(openAs(eve)).rejects.toMatchObject(refusedBy('no-grant'));
  });

  it('is answered by its recipients, with the text where it may be copied', async () => {
    const opened = await openAs(bob);
    const made = await (await opened.reply(draft(bob))).bytes();
    const again = { service: stage.as(bob), policy: doNotForward([alice]), name: 're.eml' };
    const sent = await (await protect(made, again)).bytes();
    const received = await openAs(alice, sent);
    const text = (await received.text()) ?? '';
    expect(text).toContain('Thank you.');
    expect(text.includes('Revenue')).toBe(flags.mayCopy);
    expect(received.attachments).toEqual([]);
    expect(received.may('FORWARD')).toBe(false);
    received.close();
    await expect(openAs(carol, sent)).rejects.toMatchObject(refusedBy('no-grant'));
    const toAll = Buffer.from(await (await opened.replyAll(draft(bob))).bytes()).toString();
    expect(toAll).toContain(`To: ${alice}\r\nCc: ${carol}\r\n`);
    opened.close();
  });

  it('is forwarded by who may, and opens for nobody more than before', async () => {
    const opened = await openAs(bob);
    const forwarding = opened.forward({ ...draft(bob), to: [eve, carol] });
    if (flags.mayForward) await forwarding;
    else {
      const right = { code: 'ACCESS_DENIED', details: { right: 'FORWARD', referrer: alice } };
      await expect(forwarding).rejects.toMatchObject(right);
    }
    opened.close();
    const who = flags.mayForward ? bob : alice;
    const byWho = await openAs(who);
    const forwarded = await (await byWho.forward({ ...draft(who), to: [eve, carol] })).bytes();
    byWho.close();
    expect(Buffer.from(forwarded).toString('latin1')).not.toContain('Revenue');
    const again = { service: stage.as(who), policy: encryptOnly([eve, carol]), name: 'fw.eml' };
    const sent = await (await protect(forwarded, again)).bytes();
    const atEve = await openAs(eve, sent);
    expect(await atEve.text()).toContain('Thank you.');
    expect(atEve.attachments).toMatchObject([{ isProtected: true }]);
    await expect(atEve.attachments[0]?.open()).rejects.toMatchObject(refusedBy('no-grant'));
    atEve.close();
    const atCarol = await openAs(carol, sent);
    const inner = await atCarol.attachments[0]?.open();
    expect(everything.filter((right) => inner?.may(right)).sort()).toEqual([...rights].sort());
    inner?.close();
    atCarol.close();
  });

  it('gives its recipient every attachment as it was, but one that was protected for others', async () => {
    const opened = await openAs(bob);
    expect(opened.attachments.map(({ isProtected }) => isProtected)).toEqual([
      ...[false, false, false, false, true],
      false,
    ]);
    for (const [index, { name: file, bytes: original }] of attachments().entries()) {
      const attached = opened.attachments[index];
      expect(attached?.name).toBe(file);
      const source = attached?.source;
      const read = new Uint8Array((await source?.read(0, source.size ?? 0)) ?? []);
      // A PDF is put together anew.
      if (file === 'plan.pdf') expect(Buffer.from(read).toString('latin1')).toContain('Revenue');
      else expect(Buffer.from(read).equals(original)).toBe(true);
    }
    expect(await opened.attachments[5]?.message?.text()).toBe('Later.');
    opened.close();
    await expect(open(protectedBefore, { service: stage.as(bob) })).rejects.toMatchObject(
      refusedBy('no-grant'),
    );
  });

  it('lets a recipient open an attachment on its own with the same rights, and refuses others', async () => {
    const files = await takenOut(bytes, bob);
    const { contentId } = await openAs(bob);
    for (const [index, { name: file, own }] of attachments().entries()) {
      const input = files[index] as Uint8Array;
      if (!own) {
        expect(await inspect(input)).toMatchObject({ protected: false });
        continue;
      }
      await expect(open(input, { service: stage.as(eve), name: file })).rejects.toMatchObject(
        refusedBy('no-grant'),
      );
      const attached = await open(input, {
        service: stage.as(file === 'secret.ptxt' ? carol : bob),
        name: file,
      });
      if (file === 'secret.ptxt') expect(attached.rights).toEqual(['VIEW']);
      else {
        expect(attached.contentId).toBe(contentId);
        expect(everything.filter(attached.may).sort()).toEqual([...rights].sort());
      }
      attached.close();
    }
  });

  it('loses its protection by the hands of who may copy, and gets another from its sender only', async () => {
    const given = { service: stage.as(bob), name: 'quarter.eml' };
    const removed = removeProtection(bytes, given);
    if (flags.mayCopy) (await removed).close();
    else await expect(removed).rejects.toMatchObject(refusedBy('right-not-granted'));
    const policy = encryptOnly([eve]);
    await expect(reprotect(bytes, { ...given, policy })).rejects.toMatchObject(
      refusedBy('right-not-granted'),
    );
    const again = await reprotect(bytes, { ...given, service: stage.as(alice), policy });
    expect(again).toMatchObject({ name: 'quarter.eml', format: 'mail', owner: alice });
    again.discard();
  });

  it('says on the command line who may not do what, and refuses others with exit code 3', async () => {
    const file = stage.write('quarter.eml', bytes);
    const type = (who: string, ...more: string[]) =>
      stage.type(who, 'open', file, '--out', stage.path(`${name} for ${who}${more.length}`), ...more);
    const toBob = await type(bob);
    expect(toBob).toMatchObject({ exitCode: 0, stderr: '' });
    if (told === undefined) {
      expect(toBob.stdout).not.toContain('may not');
      expect((await type(bob, '--json')).json()[0]).toMatchObject({ format: 'mail', notGranted: [] });
    } else expect(toBob.stdout).toContain(told);
    const opened = stage.read(`${name} for ${bob}0/quarter.eml`);
    expect(Buffer.from(opened).toString('latin1')).toContain('Revenue is up.');
    expect((await type(alice, '--json')).json()[0]).toMatchObject({ notGranted: [], rights: ['OWNER'] });
    const toEve = await type(eve);
    expect(toEve).toMatchObject({ exitCode: 3, stdout: '' });
    expect(toEve.stderr).toContain(`ask ${alice}`);
  });

  it('opens for no recipient once it has expired, nor do its attachments, but for its sender', async () => {
    const files = await takenOut(bytes, bob);
    stage.now = expires;
    try {
      for (const input of [bytes, ...files.slice(1, 4)])
        await expect(open(input, { service: stage.as(bob) })).rejects.toMatchObject(refusedBy('expired'));
      const { exitCode, stderr } = await stage.type(
        bob,
        ...['open', stage.write('late.eml', bytes), '--out', stage.path('late')],
      );
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('expired')]);
      const opened = await openAs(alice);
      expect(await opened.text()).toContain('Revenue is up.');
      opened.close();
    } finally {
      stage.now = new Date();
    }
  });
});

describe('protected messages within each other, over the network', () => {
  const text = (subject: string) => `From: ${alice}\r\nTo: ${bob}\r\nSubject: ${subject}\r\n`;
  const around = (subject: string, inner: Uint8Array): Uint8Array =>
    strToU8(
      `${text(subject)}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="limit"\r\n\r\n--limit\r\n\r\nSee below.\r\n` +
        `--limit\r\nContent-Type: message/rfc822\r\n\r\n${Buffer.from(inner).toString('latin1')}\r\n--limit--\r\n`,
    );
  const protectedBy = async (who: string, to: readonly string[], bytes: Uint8Array): Promise<Uint8Array> =>
    (await protect(bytes, { service: stage.as(who), policy: doNotForward(to), name: 'm.eml' })).bytes();

  it('are opened one by one, each for those whom its own sender let in', async () => {
    const inner = await protectedBy(carol, [bob], strToU8(`${text('Inner')}\r\nInnermost.`));
    const middle = await protectedBy(bob, [alice, eve], around('Middle', inner));
    const outer = await protectedBy(alice, [bob, eve], around('Outer', middle));
    const opened = [await openMessage(outer, { service: stage.as(bob) })];
    for (let depth = 0; depth < 2; depth++)
      opened.push((await opened[depth]?.attachments[0]?.open()) as (typeof opened)[number]);
    expect(opened.map(({ subject, owner }) => [subject, owner])).toEqual([
      ['Outer', alice],
      ['Middle', bob],
      ['Inner', carol],
    ]);
    expect(opened.map(({ mayForward }) => mayForward)).toEqual([false, true, false]);
    expect(await opened[2]?.text()).toBe('Innermost.');
    for (const each of opened.reverse()) each.close();

    const atEve = await openMessage(outer, { service: stage.as(eve) });
    const next = await atEve.attachments[0]?.open();
    expect(next?.subject).toBe('Middle');
    await expect(next?.attachments[0]?.open()).rejects.toMatchObject(refusedBy('no-grant'));
    next?.close();
    atEve.close();
  });

  it('need no opening in a message that is not protected, but by themselves', async () => {
    const inner = await protectedBy(alice, [bob], strToU8(`${text('Inner')}\r\nInnermost.`));
    const normal = stage.write('normal.eml', around('Normal', inner));
    const { exitCode, stderr } = await stage.type(bob, 'open', normal, '--out', stage.path('normal'));
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('not a protected file');
    const attached = stage.write('attached.eml', inner);
    const done = await stage.type(bob, 'open', attached, '--out', stage.path('attached'));
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Buffer.from(stage.read('attached/attached.eml')).toString()).toContain('Innermost.');
  });
});
