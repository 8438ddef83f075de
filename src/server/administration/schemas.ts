import { z } from 'zod';
import type { Template, TemplateInput } from '../../rights/index.ts';
import { administratorRoles } from '../caller.ts';

const text = (longest: number) => z.string().max(longest);
const time = z.iso.datetime({ offset: true }).describe('ISO 8601 with a zone');
const expiration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('on'), date: time }),
  z.strictObject({ kind: z.literal('after'), days: z.int().min(1).max(9999) }),
]);
const names = z
  .array(
    z.strictObject({
      lcid: z.int().min(1).max(0xfffff),
      name: text(256),
      description: text(2048).default(''),
    }),
  )
  .min(1)
  .max(128);
const rightNames = z.array(text(64)).min(1).max(64);

/** A template to create or to put in place of another one. */
export const templateRequest = z.strictObject({
  id: text(64).optional().describe('GUID; a random one by default'),
  names,
  grants: z
    .array(
      z.strictObject({
        to: text(320).describe('Mail address, domain, AuthenticatedUsers or IPC_USER_ID_OWNER'),
        rights: z.union([rightNames, text(64)]).describe('Rights, or a permission level'),
      }),
    )
    .min(1)
    .max(4096),
  expiration: expiration.optional(),
  offlineDays: z.int().min(-1).max(9999).optional(),
  referrer: text(2048).optional(),
  state: z.enum(['published', 'archived']).optional(),
  scope: z.array(text(320)).max(1024).optional(),
});

export const templateAnswer = z.object({
  id: z.string(),
  names,
  grants: z.array(z.object({ to: z.string(), rights: z.array(z.string()) })),
  expiration,
  offlineDays: z.int(),
  referrer: z.string().nullable(),
  state: z.enum(['published', 'archived']),
  scope: z.array(z.string()),
  updatedAt: time,
});

export const templateListAnswer = z.object({ templates: z.array(templateAnswer) });

export const usageLogQuery = z.object({
  from: time.optional().describe('First time, included'),
  until: time.optional().describe('Last time, excluded'),
  format: z.enum(['json', 'w3c']).default('json').describe('JSON lines, or the W3C extended form'),
});

export const archiveRequest = z.strictObject({
  passphrase: z.string().min(12).max(1024).describe('Opens the archive; nobody can get it back'),
});

/** Whose content it is has to be said: an administrator acts for that person. */
export const accessRequest = z.strictObject({
  issuer: text(320).describe('Mail address of who protected the content'),
  user: text(320).optional().describe('From whom; absent is everyone'),
});

export const roleRequest = z.strictObject({ email: text(320), role: z.enum(administratorRoles) });

export const rolesAnswer = z.object({
  administrators: z.array(
    z.object({ email: z.string(), role: z.enum(administratorRoles), fixed: z.boolean() }),
  ),
});

export const factsAnswer = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: time,
  keyBits: z.int(),
  keySha256: z.string(),
  url: z.string().nullable(),
});

export const doneAnswer = z.object({});

/** What `defineTemplate` reads. */
export function templateInput(request: z.output<typeof templateRequest>): TemplateInput {
  const { expiration: ends, ...rest } = request;
  if (ends === undefined) return rest;
  return { ...rest, expiration: ends.kind === 'on' ? { kind: 'on', date: new Date(ends.date) } : ends };
}

/** A template as it stands in an answer. */
export const templateJson = (template: Template): z.input<typeof templateAnswer> => ({
  id: template.id,
  names: template.names.map((name) => ({ ...name })),
  grants: template.grants.map(({ to, rights }) => ({ to, rights: [...rights] })),
  expiration:
    template.expiration.kind === 'on'
      ? { kind: 'on', date: template.expiration.date.toISOString() }
      : { ...template.expiration },
  offlineDays: template.offlineDays,
  referrer: template.referrer ?? null,
  state: template.state,
  scope: [...template.scope],
  updatedAt: template.updatedAt.toISOString(),
});
