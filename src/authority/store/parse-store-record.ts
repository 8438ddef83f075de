import { SealwrightError } from '../../errors.ts';
import {
  defineTemplate,
  normalizeAddress,
  normalizePrincipal,
  parseGuid,
  type Template,
  type TemplateInput,
} from '../../rights/index.ts';
import { type UsageRecord, type UsageRequestType, usageRequestTypes } from '../usage-log/usage-record.ts';
import type { ContentRecord, JsonValue, RevocationRecord } from './authority-store.ts';
import type { StoreEntry } from './store-record.ts';

const maxTextLength = 4096;
const maxSettingLength = 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

const malformed = (what: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_ARCHIVE',
    `A record of the authority cannot be read: ${what}. Use an export that Sealwright made and nobody changed.`,
  );

/**
 * Reads one record of an export; nothing in it is trusted.
 *
 * @throws SealwrightError `MALFORMED_ARCHIVE`
 */
export function parseStoreRecord(value: unknown): StoreEntry {
  const record = fields(value, 'record');
  switch (record.kind) {
    case 'setting':
      return { kind: 'setting', name: text(record, 'name'), value: settingValue(record.value) };
    case 'template':
      return { kind: 'template', template: parseTemplate(record.template) };
    case 'deleted-template':
      return { kind: 'deleted-template', id: guid(record, 'id'), deletedAt: date(record, 'deletedAt') };
    case 'content':
      return { kind: 'content', content: parseContent(record.content) };
    case 'revocation':
      return { kind: 'revocation', revocation: parseRevocation(record.revocation) };
    case 'usage':
      return { kind: 'usage', usage: parseUsage(record.usage) };
    default:
      throw malformed('its kind is unknown');
  }
}

/** Reads a template from JSON with the checks every new template passes. */
export function parseTemplate(value: unknown): Template {
  const template = fields(value, 'template');
  const id = guid(template, 'id');
  const updatedAt = date(template, 'updatedAt');
  try {
    return defineTemplate(
      { ...(template as unknown as TemplateInput), id, expiration: expiration(template) },
      updatedAt,
    );
  } catch (error) {
    if (error instanceof SealwrightError) throw malformed(`template ${id}: ${error.message}`);
    // What is no string or list where one belongs shows as a TypeError.
    if (error instanceof TypeError) throw malformed(`template ${id} is not complete`);
    throw error;
  }
}

function expiration(template: Fields): TemplateInput['expiration'] {
  const written = fields(template.expiration, 'expiration');
  return written.kind === 'on'
    ? { kind: 'on', date: date(written, 'date') }
    : (written as unknown as TemplateInput['expiration']);
}

function parseContent(value: unknown): ContentRecord {
  const content = fields(value, 'content');
  return {
    contentId: guid(content, 'contentId'),
    owner: checked(() => normalizeAddress(text(content, 'owner'), 'owner')),
    issuer: checked(() => normalizeAddress(text(content, 'issuer'), 'issuer')),
    templateId: optional(content, 'templateId', guid),
    name: optional(content, 'name', text),
    publishedAt: date(content, 'publishedAt'),
  };
}

function parseRevocation(value: unknown): RevocationRecord {
  const revocation = fields(value, 'revocation');
  return {
    contentId: guid(revocation, 'contentId'),
    user: optional(revocation, 'user', (all, name) => checked(() => normalizePrincipal(text(all, name)))),
    by: text(revocation, 'by'),
    at: date(revocation, 'at'),
  };
}

/** Reads a row of the usage log from JSON. */
export function parseUsage(value: unknown): UsageRecord {
  const usage = fields(value, 'usage');
  return {
    time: date(usage, 'time'),
    rowId: text(usage, 'rowId'),
    requestType: requestType(usage),
    userId: text(usage, 'userId'),
    result: text(usage, 'result'),
    correlationId: text(usage, 'correlationId'),
    contentId: optional(usage, 'contentId', text),
    ownerEmail: optional(usage, 'ownerEmail', text),
    issuer: optional(usage, 'issuer', text),
    templateId: optional(usage, 'templateId', text),
    fileName: optional(usage, 'fileName', text),
    datePublished: optional(usage, 'datePublished', date),
    clientInfo: optional(usage, 'clientInfo', text),
    clientAddress: optional(usage, 'clientAddress', text),
    adminAction: optional(usage, 'adminAction', flag),
    actingAsUser: optional(usage, 'actingAsUser', text),
  };
}

function requestType(usage: Fields): UsageRequestType {
  const type = usageRequestTypes.find((each) => each === usage.requestType);
  if (type === undefined) throw malformed('its requestType is unknown');
  return type;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`its ${what} is missing`);
  return value as Fields;
}

function text(all: Fields, name: string): string {
  const value = all[name];
  if (typeof value !== 'string' || value.length > maxTextLength) throw malformed(`its ${name} is not a text`);
  return value;
}

function flag(all: Fields, name: string): boolean {
  const value = all[name];
  if (typeof value !== 'boolean') throw malformed(`its ${name} is neither true nor false`);
  return value;
}

function date(all: Fields, name: string): Date {
  const value = new Date(text(all, name));
  if (Number.isNaN(value.getTime())) throw malformed(`its ${name} is not a time`);
  return value;
}

function guid(all: Fields, name: string): string {
  const value = parseGuid(text(all, name));
  if (value === undefined) throw malformed(`its ${name} is not a GUID`);
  return value;
}

const optional = <T>(all: Fields, name: string, read: (all: Fields, name: string) => T): T | undefined =>
  all[name] === undefined || all[name] === null ? undefined : read(all, name);

function settingValue(value: unknown): JsonValue {
  if (value === undefined || JSON.stringify(value).length > maxSettingLength)
    throw malformed('its value is missing or too long');
  return value as JsonValue;
}

function checked(read: () => string): string {
  try {
    return read();
  } catch (error) {
    throw error instanceof SealwrightError && error.code === 'INVALID_ARGUMENT'
      ? malformed(error.message)
      : error;
  }
}
