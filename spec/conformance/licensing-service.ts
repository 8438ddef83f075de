import { describe, expect, it } from 'vitest';
import type { Authority } from '../../src/authority/index.ts';
import type {
  Identity,
  LicensingService,
  PolicyInput,
  ProtectOptions,
  TemplateInput,
} from '../../src/index.ts';
import { definePolicy, inspect, open, protect } from '../../src/index.ts';
import { issuePublishingLicense, offlinePublisher } from '../../src/license/index.ts';

/** What the suite needs of an authority: how to make one whose clock it drives, and how to take it away. */
export interface AuthorityUnderTest {
  open(now: () => Date): Promise<{ authority: Authority; close(): Promise<void> }>;
  readonly differences?: LicensingDifferences | undefined;
}

/** In what a licensing service may differ from the authority asked directly, and does. */
export interface LicensingDifferences {
  /** Rows in the usage log when somebody protects for the first time, in place of one row for each content. */
  readonly publishingRows?: readonly string[];
  /** A content is known when it is first opened, not when it is protected. */
  readonly knownWhenOpened?: boolean;
  /** Milliseconds after which protecting learns that a template was archived or deleted. */
  readonly templatesKeptFor?: number;
}

const start = new Date('2026-05-04T10:00:00Z');
const minute = 60_000;
const day = 24 * 60 * minute;
const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);
const text = new TextEncoder().encode('Strictly between us.');
const names = [{ lcid: 1033, name: 'Staff only', description: 'Everyone at Contoso' }];

/**
 * The whole path of protecting, opening and refusing, as every licensing service must walk it: ours in
 * memory, ours in a folder, and later ones over the wire.
 */
export function describeLicensingService(name: string, subject: AuthorityUnderTest): void {
  const { differences = {} } = subject;

  describe(`${name}, from protecting to refusing`, () => {
    async function scene<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
      let time = start;
      const { authority, close } = await subject.open(() => time);
      try {
        return await play(
          stageFor(authority, (to) => {
            time = to;
          }),
        );
      } finally {
        await close();
      }
    }

    /** Has a content opened by who protected it, where the service would not know it otherwise. */
    async function makeKnown({ rightsOf }: Stage, file: Uint8Array): Promise<void> {
      if (differences.knownWhenOpened === true)
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
    }

    it('gives each permission level exactly its rights', () =>
      scene(async ({ protectFor, rightsOf }) => {
        const viewer = ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL'];
        const reviewer = [...viewer, 'DOCEDIT', 'EDIT', 'REPLY', 'REPLYALL', 'FORWARD'];
        const author = [...reviewer, 'EXTRACT', 'PRINT'];
        const owner = [...author, 'EXPORT', 'EDITRIGHTSDATA', 'OWNER'];
        for (const [levels, expected] of [
          [['Viewer'], viewer],
          [['Reviewer', 'Restricted Editor'], reviewer],
          [['Co-Author', 'Editor'], author],
          [['Co-Owner', 'Owner'], owner],
        ] as const)
          for (const level of levels) {
            const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: level }] });
            expect([...(await rightsOf(file, 'bob@contoso.com'))].sort()).toEqual([...expected].sort());
          }
      }));

    it('lets everyone of a domain in, and nobody of a subdomain or another one', () =>
      scene(async ({ protectFor, rightsOf, refusal }) => {
        const file = await protectFor({ grants: [{ to: 'contoso.com', rights: ['VIEW'] }] });
        expect(await rightsOf(file, 'Anyone@CONTOSO.com')).toEqual(['VIEW']);
        expect(await refusal(file, 'bob@mail.contoso.com')).toBe('no-grant');
        expect(await refusal(file, 'bob@notcontoso.com')).toBe('no-grant');
      }));

    it('lets anyone who signed in do what is granted to all, and no more', () =>
      scene(async ({ protectFor, rightsOf }) => {
        const file = await protectFor({ grants: [{ to: 'AuthenticatedUsers', rights: ['VIEW'] }] });
        expect(await rightsOf(file, 'stranger@elsewhere.example')).toEqual(['VIEW']);
      }));

    it('adds up what a person gets by name, alias, group and domain', () =>
      scene(async ({ protectFor, rightsOf }) => {
        const file = await protectFor({
          grants: [
            { to: 'contoso.com', rights: ['VIEW'] },
            { to: 'finance@contoso.com', rights: ['PRINT'] },
            { to: 'robert@contoso.com', rights: ['EDIT'] },
          ],
        });
        const bob = {
          email: 'bob@contoso.com',
          aliases: ['robert@contoso.com'],
          groups: ['finance@contoso.com'],
        };
        expect([...(await rightsOf(file, bob))].sort()).toEqual(['EDIT', 'PRINT', 'VIEW']);
      }));

    it('does not open what may be printed but not viewed', () =>
      scene(async ({ protectFor, refusal }) => {
        const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: ['PRINT'] }] });
        expect(await refusal(file, 'bob@contoso.com')).toBe('no-view-right');
      }));

    it('opens from the first minute of validity up to, and not including, the last', () =>
      scene(async ({ protectFor, rightsOf, refusal, setClock }) => {
        const file = await protectFor({
          grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }],
          validFrom: later(60 * minute),
          validUntil: later(120 * minute),
        });
        setClock(later(60 * minute - 1));
        expect(await refusal(file, 'bob@contoso.com')).toBe('not-yet-valid');
        setClock(later(60 * minute));
        expect(await rightsOf(file, 'bob@contoso.com')).toEqual(['VIEW']);
        setClock(later(120 * minute - 1));
        expect(await rightsOf(file, 'bob@contoso.com')).toEqual(['VIEW']);
        setClock(later(120 * minute));
        expect(await refusal(file, 'bob@contoso.com')).toBe('expired');
      }));

    it('opens for the owner before, during and after validity, and for a mere holder of OWNER only during it', () =>
      scene(async ({ protectFor, rightsOf, refusal, setClock }) => {
        const file = await protectFor({
          grants: [{ to: 'bob@contoso.com', rights: 'Co-Owner' }],
          validUntil: later(10 * minute),
        });
        setClock(later(10 * day));
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
        expect(await refusal(file, 'bob@contoso.com')).toBe('expired');
      }));

    it('makes the named owner the owner, and whoever protected it the issuer', () =>
      scene(async ({ protectFor, rightsOf, authority, contentId }) => {
        const file = await protectFor({ grants: [] }, { owner: 'carol@contoso.com' });
        expect((await inspect(file)).owner).toBe('carol@contoso.com');
        expect(await rightsOf(file, 'carol@contoso.com')).toEqual(['OWNER']);
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
        const revoke = authority.as('carol@contoso.com').revoke(await contentId(file));
        await expect(revoke).rejects.toMatchObject({
          code: 'ACCESS_DENIED',
          details: { rule: 'not-issuer' },
        });
      }));

    it('stops reading when the content expires while it is open', () =>
      scene(async ({ protectFor, authority, setClock, now }) => {
        const file = await protectFor({
          grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }],
          validUntil: later(10 * minute),
        });
        const opened = await open(file, { service: authority.as('bob@contoso.com'), now });
        expect(await opened.bytes()).toEqual(text);
        setClock(later(10 * minute));
        await expect(opened.bytes()).rejects.toMatchObject({
          code: 'ACCESS_DENIED',
          details: { rule: 'expired' },
        });
        await expect(opened.read(0, 1)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      }));

    it('withdraws a content from everyone but its issuer, and gives it back', () =>
      scene(async (stage) => {
        const { protectFor, rightsOf, refusal, authority, contentId } = stage;
        const file = await protectFor({ grants: [{ to: 'contoso.com', rights: ['VIEW'] }] });
        await makeKnown(stage, file);
        const id = await contentId(file);
        await authority.as('alice@contoso.com').revoke(id);
        expect(await refusal(file, 'bob@contoso.com')).toBe('revoked');
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
        await authority.as('alice@contoso.com').restore(id);
        expect(await rightsOf(file, 'bob@contoso.com')).toEqual(['VIEW']);
      }));

    it('withdraws a content from one person and nobody else', () =>
      scene(async (stage) => {
        const { protectFor, rightsOf, refusal, authority, contentId } = stage;
        const file = await protectFor({ grants: [{ to: 'contoso.com', rights: ['VIEW'] }] });
        await makeKnown(stage, file);
        await authority.as('alice@contoso.com').revoke(await contentId(file), { user: 'Bob@contoso.com' });
        expect(await refusal(file, 'bob@contoso.com')).toBe('revoked-for-user');
        expect(await rightsOf(file, 'carol@contoso.com')).toEqual(['VIEW']);
      }));

    it('lets nobody but the issuer revoke, and says so for a content it does not know', () =>
      scene(async (stage) => {
        const { protectFor, authority, contentId } = stage;
        const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: 'Co-Owner' }] });
        await makeKnown(stage, file);
        const bob = authority.as('bob@contoso.com');
        await expect(bob.revoke(await contentId(file))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
        const unknown = bob.revoke('11111111-2222-3333-4444-555555555555');
        await expect(unknown).rejects.toMatchObject({ code: 'CONTENT_NOT_FOUND' });
      }));

    it('lets the next license see what a template says today', () =>
      scene(async ({ authority, protectWith, rightsOf, refusal, setClock }) => {
        const template = await authority.templates.create(staff());
        const file = await protectWith(template.id);
        expect(await rightsOf(file, 'bob@contoso.com')).toContain('DOCEDIT');
        setClock(later(minute));
        await authority.templates.update(
          template.id,
          staff({ grants: [{ to: 'carol@contoso.com', rights: ['VIEW'] }] }),
        );
        expect(await refusal(file, 'bob@contoso.com')).toBe('no-grant');
        expect(await rightsOf(file, 'carol@contoso.com')).toEqual(['VIEW']);
      }));

    it('honours an archived template for opening and not for protecting', () =>
      scene(async ({ authority, protectWith, rightsOf, setClock }) => {
        const template = await authority.templates.create(staff());
        const file = await protectWith(template.id);
        await authority.templates.archive(template.id);
        expect(await rightsOf(file, 'bob@contoso.com')).toContain('VIEW');
        setClock(later(differences.templatesKeptFor ?? 0));
        await expect(protectWith(template.id)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
        expect(await authority.as('alice@contoso.com').listTemplates()).toEqual([]);
        await authority.templates.publish(template.id);
        expect(await authority.as('alice@contoso.com').listTemplates()).toMatchObject([{ id: template.id }]);
      }));

    it('opens content of a deleted template for its owner only', () =>
      scene(async ({ authority, protectWith, rightsOf, refusal, setClock }) => {
        const template = await authority.templates.create(staff());
        const file = await protectWith(template.id);
        await authority.templates.delete(template.id);
        expect(await refusal(file, 'bob@contoso.com')).toBe('template-deleted');
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
        setClock(later(differences.templatesKeptFor ?? 0));
        await expect(protectWith(template.id)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
      }));

    it('keeps a template deleted that somebody else changes at the same moment', () =>
      scene(async ({ authority }) => {
        const { templates } = authority;
        for (const change of [
          templates.archive,
          templates.publish,
          (id: string) => templates.update(id, staff()),
        ]) {
          const { id } = await templates.create(staff());
          await Promise.allSettled([change(id), templates.delete(id)]);
          await Promise.allSettled([templates.delete(id), change(id)]);
          await expect(templates.get(id)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
        }
      }));

    it('counts a template’s days of validity from the moment of protecting', () =>
      scene(async ({ authority, protectWith, rightsOf, refusal, setClock }) => {
        const template = await authority.templates.create(staff({ expiration: { kind: 'after', days: 3 } }));
        const file = await protectWith(template.id);
        setClock(later(3 * day - minute));
        expect(await rightsOf(file, 'bob@contoso.com')).toContain('VIEW');
        setClock(later(3 * day));
        expect(await refusal(file, 'bob@contoso.com')).toBe('expired');
      }));

    it('offers a template to its scope and refuses it to others who know its id', () =>
      scene(async ({ authority, protectWith }) => {
        const template = await authority.templates.create(staff({ scope: ['hr@contoso.com'] }));
        expect(await authority.as('alice@contoso.com').listTemplates()).toEqual([]);
        await expect(protectWith(template.id)).rejects.toMatchObject({ details: { rule: 'template-scope' } });
        const hr = authority.as({ email: 'alice@contoso.com', groups: ['hr@contoso.com'] });
        expect(await hr.listTemplates()).toMatchObject([{ id: template.id, name: 'Staff only' }]);
      }));

    it('limits how long a use license may be kept: days, never, or the end of the content', () =>
      scene(async ({ protectFor, authority }) => {
        const license = async (policy: Partial<PolicyInput>, who = 'bob@contoso.com') => {
          const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }], ...policy });
          const { licenseValidUntil, onlineOnly } = await open(file, { service: authority.as(who) });
          return { licenseValidUntil, onlineOnly };
        };
        expect(await license({})).toEqual({ licenseValidUntil: undefined, onlineOnly: false });
        expect(await license({ offlineDays: 7 })).toEqual({
          licenseValidUntil: later(7 * day),
          onlineOnly: false,
        });
        expect(await license({ offlineDays: 0 })).toEqual({ licenseValidUntil: start, onlineOnly: true });
        expect(await license({ offlineDays: 7, validUntil: later(2 * day) })).toEqual({
          licenseValidUntil: later(2 * day),
          onlineOnly: false,
        });
        expect(await license({ offlineDays: 0 }, 'alice@contoso.com')).toEqual({
          licenseValidUntil: undefined,
          onlineOnly: false,
        });
      }));

    it('carries application data, signed in the clear and encrypted for those who may open', () =>
      scene(async ({ protectFor, authority }) => {
        const file = await protectFor({
          grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }],
          signedApplicationData: { department: 'Legal & Tax' },
          encryptedApplicationData: { matter: 'Zephyr' },
        });
        expect(new TextDecoder().decode(file)).not.toContain('Zephyr');
        const opened = await open(file, { service: authority.as('bob@contoso.com') });
        expect(opened.signedApplicationData).toEqual({ department: 'Legal & Tax' });
        expect(opened.encryptedApplicationData).toEqual({ matter: 'Zephyr' });
      }));

    it('shows the policy to those who may see it and to nobody else', () =>
      scene(async ({ protectFor, authority }) => {
        const file = await protectFor({
          grants: [
            { to: 'bob@contoso.com', rights: ['VIEW'] },
            { to: 'carol@contoso.com', rights: ['VIEW', 'VIEWRIGHTSDATA'] },
          ],
        });
        const policyFor = async (who: string) => (await open(file, { service: authority.as(who) })).policy;
        expect(await policyFor('bob@contoso.com')).toBeUndefined();
        expect((await policyFor('carol@contoso.com'))?.grants).toHaveLength(2);
        expect((await policyFor('alice@contoso.com'))?.grants).toHaveLength(2);
      }));

    it('refuses a license of another authority, and one that was changed', () =>
      scene(async ({ protectFor, authority, refusal }) => {
        const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });
        const at = Buffer.from(file).indexOf('alice@contoso.com');
        const changed = file.slice();
        changed[at] = 'm'.charCodeAt(0);
        await expect(open(changed, { service: authority.as('bob@contoso.com') })).rejects.toMatchObject({
          code: 'UNTRUSTED_LICENSE',
        });
        await scene(async (other) => {
          const opening = open(file, { service: other.authority.as('alice@contoso.com') });
          await expect(opening).rejects.toMatchObject({ code: 'UNTRUSTED_LICENSE' });
        });
        expect(await refusal(file, 'eve@example.com')).toBe('no-grant');
      }));

    it('opens what was published offline with its certificate, and knows from then on whose it is', () =>
      scene(async ({ authority, rightsOf, refusal, setClock }) => {
        const publisher = await offlinePublisher(
          await authority.as('alice@contoso.com').getClientLicensorCertificate(),
        );
        const contentKey = crypto.getRandomValues(new Uint8Array(32));
        const contentId = '0ff11e00-0000-4000-8000-000000000001';
        const publishingLicense = await issuePublishingLicense({
          ...publisher,
          issuedAt: start,
          contentId,
          owner: 'alice@contoso.com',
          rights: { policy: definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] }) },
          contentKey: contentKey.slice(),
          cipherMode: 'SEALWRIGHT.GCM64K',
          signedApplicationData: {},
        });
        const offline = { publishingLicense, contentKey, cipherMode: 'SEALWRIGHT.GCM64K', contentId };
        const service = { publish: async () => ({ ...offline, owner: 'alice@contoso.com' }) };
        const policy = { grants: [] };
        const file = await (
          await protect(text, { service: service as unknown as LicensingService, policy })
        ).bytes();
        expect(await rightsOf(file, 'bob@contoso.com')).toEqual(['VIEW']);
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
        expect(await refusal(file, 'eve@example.com')).toBe('no-grant');
        await authority.as('alice@contoso.com').revoke(contentId);
        expect(await refusal(file, 'bob@contoso.com')).toBe('revoked');
        setClock(later(400 * day));
        expect(await rightsOf(file, 'alice@contoso.com')).toEqual(['OWNER']);
      }));

    it('writes one row for each request, refusals included', () =>
      scene(async ({ protectFor, rightsOf, refusal, authority, contentId }) => {
        const file = await protectFor({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });
        await rightsOf(file, 'bob@contoso.com');
        await refusal(file, 'eve@example.com');
        await authority.as('alice@contoso.com').revoke(await contentId(file));
        const rows = [];
        for await (const row of authority.usageLog()) rows.push(row);
        const publishing = differences.publishingRows ?? ['FECreatePublishingLicenseV1'];
        expect(rows).toMatchObject([
          ...publishing.map((requestType) => ({
            requestType,
            userId: 'alice@contoso.com',
            result: 'Success',
          })),
          {
            requestType: 'AcquireLicense',
            userId: 'bob@contoso.com',
            result: 'Success',
            ownerEmail: 'alice@contoso.com',
          },
          { requestType: 'AcquireLicense', userId: 'eve@example.com', result: 'AccessDenied' },
          { requestType: 'RevokeAccess', userId: 'alice@contoso.com', result: 'Success' },
        ]);
        expect(rows[publishing.length]?.contentId).toBe(await contentId(file));
        expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(rows.length);
      }));

    it('does nothing for a caller who has given up', () =>
      scene(async ({ authority, protectFor }) => {
        const file = await protectFor({ grants: [] });
        const signal = AbortSignal.abort(new Error('enough'));
        const opening = open(file, { service: authority.as('alice@contoso.com'), signal });
        await expect(opening).rejects.toThrow('enough');
      }));
  });
}

interface Stage {
  readonly authority: Authority;
  setClock(to: Date): void;
  now(): Date;
  protectFor(policy: PolicyInput, more?: Partial<ProtectOptions>): Promise<Uint8Array>;
  protectWith(template: string): Promise<Uint8Array>;
  rightsOf(file: Uint8Array, who: string | Identity): Promise<readonly string[]>;
  /** The rule that refuses this person. */
  refusal(file: Uint8Array, who: string): Promise<string | undefined>;
  contentId(file: Uint8Array): Promise<string>;
}

function stageFor(authority: Authority, setTime: (to: Date) => void): Stage {
  const service = authority.as('alice@contoso.com');
  let time = start;
  return {
    authority,
    setClock(to) {
      time = to;
      setTime(to);
    },
    now: () => time,
    protectFor: async (policy, more) =>
      (await protect(text, { service, name: 'secret.txt', policy, ...more } as ProtectOptions)).bytes(),
    protectWith: async (template) => (await protect(text, { service, name: 'secret.txt', template })).bytes(),
    async rightsOf(file, who) {
      const opened = await open(file, { service: authority.as(who), now: () => time });
      expect(await opened.bytes()).toEqual(text);
      return opened.rights;
    },
    async refusal(file, who) {
      const error = await open(file, { service: authority.as(who) }).then(
        () => undefined,
        (refused: unknown) => refused,
      );
      expect(error).toMatchObject({ code: 'ACCESS_DENIED' });
      return (error as { details: { rule?: string } }).details.rule;
    },
    contentId: async (file) => (await inspect(file)).contentId as string,
  };
}

const staff = (more: Partial<TemplateInput> = {}): TemplateInput => ({
  names,
  grants: [{ to: 'contoso.com', rights: 'Reviewer' }],
  ...more,
});
