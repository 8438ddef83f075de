import { describe, expect, it } from 'vitest';
import { foundFile } from '../selection/found-file.ts';
import type { TaskSettings } from '../task.ts';
import { decideByRules } from './decide-by-rules.ts';
import { parseBulkRules } from './parse-bulk-rules.ts';
import { resolveRules } from './resolve-rules.ts';

const settings: TaskSettings = { operation: 'protect', inPlace: true, owner: 'alice@contoso.com' };
const staff = { id: '10000000-0000-4000-8000-000000000001', name: 'Staff only', description: '' };
const board = { id: '20000000-0000-4000-8000-000000000002', name: 'Board', description: '' };
const twin = { ...board, id: '30000000-0000-4000-8000-000000000003', name: 'Twin' };
const file = (relativePath: string) => foundFile(`/nowhere/${relativePath}`, relativePath);

describe('Deciding by rules', () => {
  const rules = parseBulkRules({
    rules: [
      { name: 'old', match: { include: ['archive/'] }, skip: true },
      { match: { extensions: ['docx'], exclude: ['private'] }, template: 'a', owner: 'bob@contoso.com' },
      { name: 'plans', match: { include: ['plan*'] }, policy: { grants: [] } },
    ],
  });
  const decide = decideByRules(settings, rules);

  it('gives a file what the first rule that matches says, and the run what it does not', () => {
    expect(decide(file('x/plan.docx')).settings).toEqual({
      ...settings,
      template: 'a',
      policy: undefined,
      label: undefined,
      owner: 'bob@contoso.com',
      rule: '2',
    });
    expect(decide(file('plan.txt')).settings).toMatchObject({ rule: 'plans', owner: 'alice@contoso.com' });
    expect(decide(file('private/plan.docx')).settings).toMatchObject({ rule: 'plans' });
  });

  it('takes what a rule says of PDFs or of messages, and of the other what the run says', () => {
    const run = { mail: { protectAttachments: false }, pdf: { cover: { languages: ['de'] } } } as const;
    const parsed = parseBulkRules({
      rules: [{ messagePolicy: 'encrypt-only', settings: { pdf: { wrapper: false } } }],
    });
    const decided = decideByRules({ ...settings, documentSettings: run }, parsed)(file('offer.eml')).settings;
    expect(decided?.messagePolicy).toEqual({ rights: 'encrypt-only' });
    expect(decided?.documentSettings).toEqual({ mail: run.mail, pdf: { wrapper: false } });
  });

  it('shares one object among the files of a rule', () => {
    expect(decide(file('a.docx'))).toBe(decide(file('b.docx')));
  });

  it('says which rule skips a file, or that none takes it', () => {
    expect(decide(file('archive/plan.docx'))).toEqual({ rule: 'old' });
    expect(decide(file('x.txt'))).toEqual({ rule: undefined });
  });
});

describe('Templates of rules', () => {
  const service = (calls: number[] = []) => ({
    listTemplates: async () => {
      calls.push(1);
      return [staff, board, twin, { ...twin, id: staff.id.replace(/1$/, '9') }];
    },
  });
  const resolve = (...templates: string[]) =>
    resolveRules(
      parseBulkRules({ rules: templates.map((template, i) => ({ match: { include: [`${i}`] }, template })) }),
      service(),
    );

  it('may be named by id or name, and are asked for once', async () => {
    const calls: number[] = [];
    const rules = parseBulkRules({
      rules: [
        { match: { include: ['a'] }, template: `{${board.id.toUpperCase()}}` },
        { match: { include: ['b'] }, template: ' staff ONLY ' },
        { label: { id: staff.id, siteId: board.id } },
      ],
    });
    const resolved = await resolveRules(rules, service(calls));
    expect(resolved.rules.map(({ template }) => template)).toEqual([board.id, staff.id, undefined]);
    expect(calls).toHaveLength(1);
  });

  it('are not asked for where no rule names one', async () => {
    const calls: number[] = [];
    const rules = parseBulkRules({ rules: [{ skip: true }] });
    expect(await resolveRules(rules, service(calls))).toBe(rules);
    expect(calls).toEqual([]);
  });

  it('that are not on offer are all told at once', async () => {
    const unknown = '90000000-0000-4000-8000-000000000009';
    await expect(resolve('Staff onyl', 'Twin', unknown, 'Board')).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
      message: expect.stringMatching(
        /rules\[0\]\.template: no template "Staff onyl" is on offer, did you mean "Staff only"\?; rules\[1\]\.template: 2 templates are called "Twin".*rules\[2\]\.template: no template with the id 90000000/,
      ),
    });
  });
});
