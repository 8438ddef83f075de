import { type UsageRecord, type UsageRequestType, usageSuccess } from '../authority/index.ts';
import { columns } from './columns.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

// Rows are aligned with the others of their batch, so that a log of any length takes bounded memory.
const batchRows = 1000;

const verbs: Readonly<Partial<Record<UsageRequestType, string>>> = {
  AcquireLicense: 'open',
  FECreateEndUserLicenseV1: 'open',
  FECreatePublishingLicenseV1: 'protect',
  RevokeAccess: 'revoke',
  RestoreAccess: 'restore access',
  RegisterContent: 'register',
  AddTemplate: 'add template',
  UpdateTemplate: 'change template',
  DeleteTemplateById: 'delete template',
  ExportTemplateById: 'export template',
  ImportTemplate: 'import template',
  GetTemplateById: 'read template',
  GetAllTemplates: 'list templates',
  FEGetAllTemplates: 'list templates',
  GetClientLicensorCert: 'get certificate',
};

/** The usage log for a person, oldest first. */
export async function* usageTable(
  records: AsyncIterable<UsageRecord>,
  out: Terminal,
): AsyncGenerator<string, void, undefined> {
  let rows = [['time (UTC)', 'who', 'what', 'result', 'file', 'content'].map(out.dim)];
  for await (const record of records) {
    rows.push(row(record, out));
    if (rows.length < batchRows) continue;
    yield* columns(rows);
    rows = [];
  }
  yield* columns(rows);
}

function row(record: UsageRecord, out: Terminal): string[] {
  const { time, userId, requestType, result, fileName, contentId } = record;
  return [
    time.toISOString().slice(0, 19).replace('T', ' '),
    printable(userId) || '-',
    verbs[requestType] ?? requestType,
    result === usageSuccess ? out.green('ok') : out.red(printable(result)),
    printable(fileName ?? '-'),
    out.dim(printable(contentId ?? '-')),
  ];
}
