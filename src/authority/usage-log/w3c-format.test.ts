import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsageRecord } from './usage-record.ts';
import { formatW3cLog, formatW3cRow, w3cFields, w3cHeader } from './w3c-format.ts';
import { parseW3cLog } from './w3c-parse.ts';

const record: UsageRecord = {
  time: new Date('2030-03-11T08:15:02.987Z'),
  rowId: '6a0f2b3e-0a55-4b34-8a0e-8f7f5f0f2f11',
  requestType: 'AcquireLicense',
  userId: 'bo@contoso.com',
  result: 'Success',
  correlationId: '0f6f6d1c-2b7e-4c8f-9d55-7f2c4f2a9b10',
  contentId: '4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55',
  ownerEmail: 'ana@contoso.com',
  issuer: 'ana@contoso.com',
  templateId: '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41',
  fileName: 'Budget 2030.docx',
  datePublished: new Date('2030-03-01T10:00:00Z'),
  clientInfo: 'SDK;version=1;AppName=x',
  clientAddress: '198.51.100.7',
  adminAction: true,
  actingAsUser: 'eva@contoso.com',
};

async function whole(records: readonly UsageRecord[]): Promise<string> {
  let log = '';
  for await (const piece of formatW3cLog(records)) log += piece;
  return log;
}

describe('the usage log in W3C extended form', () => {
  it('begins with the three lines that existing readers check', () => {
    const lines = w3cHeader.split('\n');
    expect(lines.slice(0, 2)).toEqual(['#Software: RMS', '#Version: 1.1']);
    expect(lines[2]).toBe(`#Fields: ${w3cFields.join('\t')}`);
    expect(w3cFields).toHaveLength(17);
  });

  it('writes a row with quotes and braces where readers expect them', () => {
    expect(formatW3cRow(record)).toBe(
      [
        '2030-03-11',
        '08:15:02',
        '6a0f2b3e-0a55-4b34-8a0e-8f7f5f0f2f11',
        'AcquireLicense',
        "'bo@contoso.com'",
        "'Success'",
        '0f6f6d1c-2b7e-4c8f-9d55-7f2c4f2a9b10',
        '{4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55}',
        'ana@contoso.com',
        'ana@contoso.com',
        '{9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41}',
        'Budget 2030.docx',
        '2030-03-01T10:00:00',
        "'SDK;version=1;AppName=x'",
        '198.51.100.7',
        'True',
        "'eva@contoso.com'\n",
      ].join('\t'),
    );
  });

  it('leaves absent fields empty and puts an anonymous caller in empty quotes', () => {
    const { time, rowId, requestType, correlationId } = record;
    const row = formatW3cRow({ time, rowId, requestType, correlationId, userId: '', result: 'AccessDenied' });
    expect(row.split('\t').slice(4)).toEqual([
      "''",
      "'AccessDenied'",
      correlationId,
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '\n',
    ]);
  });

  it('comes back the same when it is read', async () => {
    const [row] = parseW3cLog(await whole([record]));
    expect(row).toEqual({
      date: '2030-03-11',
      time: '08:15:02',
      'row-id': record.rowId,
      'request-type': 'AcquireLicense',
      'user-id': record.userId,
      result: 'Success',
      'correlation-id': record.correlationId,
      'content-id': `{${record.contentId}}`,
      'owner-email': record.ownerEmail,
      issuer: record.issuer,
      'template-id': `{${record.templateId}}`,
      'file-name': record.fileName,
      'date-published': '2030-03-01T10:00:00',
      'c-info': record.clientInfo,
      'c-ip': record.clientAddress,
      'admin-action': 'True',
      'acting-as-user': record.actingAsUser,
    });
  });

  it('cannot be forged: whatever a value holds, it stays one row of seventeen fields with balanced quotes', async () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        "x'\t'y",
        'a\r\n2030-01-01\t',
        "'",
        "a''",
        '\u2028#Fields: x',
        '\u0085',
        '\ud800',
        '#',
        'x'.repeat(5000),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 9, maxLength: 9 }), async (values) => {
        const [
          userId,
          result,
          fileName,
          clientInfo,
          clientAddress,
          issuer,
          ownerEmail,
          contentId,
          actingAsUser,
        ] = values as string[];
        const changes = {
          userId: userId!,
          result: result!,
          fileName,
          clientInfo,
          clientAddress,
          issuer,
          ownerEmail,
          contentId,
          actingAsUser,
        };
        const log = await whole([{ ...record, ...changes }, record]);
        const rows = parseW3cLog(log);
        expect(rows).toHaveLength(2);
        expect(rows[1]).toEqual(parseW3cLog(await whole([record]))[0]);
        const line = log.split('\n')[3]!;
        expect(line.split('\t')).toHaveLength(17);
        for (const field of line.split('\t')) expect([0, 2]).toContain(field.split("'").length - 1);
      }),
    );
  });
});

describe('reading a usage log', () => {
  it('takes older logs with fewer fields, and Windows line ends', () => {
    const log =
      "#Software: RMS\r\n#Version: 1.0\r\n#Fields: date\ttime\tuser-id\r\n2020-01-01\t00:00:00\t'a@b.example'\r\n";
    expect(parseW3cLog(log)).toMatchObject([
      { date: '2020-01-01', 'user-id': 'a@b.example', 'owner-email': '' },
    ]);
  });

  it.each([
    ['', /Line 1/],
    ['#Software: IIS\n#Version: 1.1\n', /Line 1/],
    ['#Software: RMS\n#Version: 7\n', /Line 2/],
    [
      '#Software: RMS\n#Version: 1.1\n#Fields: date\ttime\nx\n',
      /Line 4 .* 1 fields where the header names 2/,
    ],
  ])('refuses what is none: %j', (log, message) => {
    expect(() => parseW3cLog(log)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});
