import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../../errors.ts';
import { parseBulkRules } from './parse-bulk-rules.ts';
import { readBulkRules } from './read-bulk-rules.ts';

const now = new Date('2026-06-15T12:00:00Z');
const parse = (rules: unknown) => parseBulkRules(rules, { now });
const one = (rule: unknown) => parse({ rules: [rule] }).rules[0];

function mistakesIn(rules: unknown): string {
  try {
    parse(rules);
  } catch (error) {
    if (error instanceof SealwrightError && error.code === 'INVALID_ARGUMENT') return error.message;
    throw error;
  }
  return '';
}
const mistakes = (rule: unknown): string => mistakesIn({ rules: [rule] });
const id = '10000000-0000-4000-8000-000000000001';
const siteId = '11111111-2222-3333-4444-555555555555';

describe('Rules', () => {
  it('are read as people write them', () => {
    const { rules } = parse(
      JSON.stringify({
        $schema: 'https://example.com/rules.json',
        rules: [
          { name: 'drafts', match: { include: ['drafts/**'], exclude: ['final'] }, skip: true },
          {
            match: {
              extensions: ['docx'],
              minSize: '1.5MB',
              maxSize: '2 GiB',
              modifiedBefore: '30d',
              owners: ['bob'],
            },
            template: 'Staff only',
            owner: 'file',
          },
          {
            match: { modifiedSince: '2026-01-31' },
            label: { id, siteId, method: 'privileged', setDate: '2026-01-01T00:00Z' },
          },
          {
            policy: {
              grants: ['Bob@contoso.com=VIEW,PRINT', { to: 'contoso.com', rights: 'Viewer' }],
              offlineDays: 7,
            },
          },
        ],
      }),
    );
    expect(rules).toMatchObject([
      { name: 'drafts', match: { include: ['drafts/**'], exclude: ['final'] }, skip: true },
      {
        match: {
          extensions: ['docx'],
          minSize: 1_500_000,
          maxSize: 2 ** 31,
          modifiedBefore: new Date('2026-05-16T12:00:00Z'),
          owners: ['bob'],
        },
        template: 'Staff only',
        owner: 'file',
      },
      {
        match: { modifiedSince: new Date('2026-01-31T00:00:00Z') },
        label: { id, siteId, method: 'Privileged', setDate: new Date('2026-01-01T00:00:00Z') },
      },
      {
        policy: {
          grants: [
            { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] },
            { to: 'contoso.com', rights: expect.arrayContaining(['VIEW']) },
          ],
          offlineDays: 7,
        },
      },
    ]);
    expect(Object.isFrozen(rules)).toBe(true);
  });

  it('say what becomes of messages and PDFs, and every mistake in that is told', () => {
    expect(one({ messagePolicy: { rights: 'encrypt-only', validUntil: '2099-01-01' } })).toMatchObject({
      messagePolicy: { rights: 'encrypt-only', validUntil: new Date('2099-01-01T00:00:00Z') },
    });
    expect(mistakes({ messagePolicy: 'secret' })).toContain('write "do-not-forward" or "encrypt-only"');
    expect(mistakes({ messagePolicy: 'encrypt-only', template: 'x' })).toContain('exclude each other');
    const settings = {
      pdf: { wrapper: false, cover: { paper: 'a5', texts: [{ title: 'x' }], document: 'cover.pdf' } },
      mail: { stub: { html: '<p>' } },
    };
    const told = mistakes({ policy: { grants: [] }, settings });
    for (const [place, what] of [
      ['pdf', 'without a wrapper there is no cover page'],
      ['pdf.cover.paper', 'write "a4" or "letter", not "a5"'],
      ['pdf.cover.texts[0]', 'write its language'],
      ['pdf.cover.document', 'write the bytes of a PDF'],
      ['mail.stub', 'write as plain what people see'],
    ])
      expect(told).toContain(`rules[0].settings.${place}: ${what}`);
  });

  it('may be checked once more in the form that they were given in', () => {
    const first = parse({
      rules: [{ match: { minSize: 5, modifiedSince: '7d' }, policy: { grants: ['contoso.com=Viewer'] } }],
    });
    expect(parse(first)).toEqual(first);
  });

  it('know sizes and ages in every unit', () => {
    for (const [text, bytes] of [
      ['0', 0],
      ['12', 12],
      ['3b', 3],
      ['1k', 1000],
      ['1KB', 1000],
      ['1KiB', 1024],
      ['2 TB', 2e12],
    ] as const)
      expect(one({ match: { minSize: text }, skip: true })?.match?.minSize, text).toBe(bytes);
    for (const [text, moment] of [
      ['36h', '2026-06-14T00:00:00Z'],
      ['2w', '2026-06-01T12:00:00Z'],
      ['1y', '2025-06-15T12:00:00Z'],
    ] as const)
      expect(one({ match: { modifiedSince: text }, skip: true })?.match?.modifiedSince, text).toEqual(
        new Date(moment),
      );
  });

  it('are refused with every mistake at once, each with its place', () => {
    const message = mistakesIn({
      rules: [
        { template: 'a', polcy: {} },
        { match: { minSize: 'ten', extension: ['x'] }, template: 7 },
        { match: { include: ['[z-a]'] }, policy: { grants: ['bob@contoso.com=VEIW'] } },
      ],
    });
    expect(message).toContain('have 6 mistakes');
    expect(message).toContain('rules[0]: there is no field "polcy": did you mean policy?');
    expect(message).toContain('rules[1].match: there is no field "extension": did you mean extensions?');
    expect(message).toContain(
      'rules[1].match.minSize: write a size such as "10MB" or a number of bytes, not "ten"',
    );
    expect(message).toContain('rules[1].template: write a text in quotes, not 7');
    expect(message).toContain('rules[2].match: The pattern');
    expect(message).toContain('rules[2].policy.grants[0]: "VEIW" is not a known right');
  });

  it.each([
    [{}, 'write what the files get'],
    [{ skip: false }, 'write what the files get'],
    [{ skip: true, template: 'a', label: { id, siteId } }, 'skip stands alone: leave out template and label'],
    [{ template: 'a', policy: { grants: [] } }, 'exclude each other'],
    [{ label: { id, siteId }, owner: 'a@contoso.com' }, 'an owner goes with'],
    [{ template: 'a', owner: 'nobody' }, 'rules[0].owner'],
    [{ policy: {} }, 'write who may do what'],
    [{ policy: { grants: [{ to: 'contoso.com' }] } }, 'to whom and which rights'],
    [{ policy: { grants: [], validUntil: '30d' } }, 'rules[0].policy.validUntil: write a date'],
    [{ policy: { grants: [], validUntil: '2026-02-30' } }, 'policy.validUntil'],
    [
      { policy: { grants: [], validFrom: '2026-02-02', validUntil: '2026-02-01' } },
      'rules[0].policy: The policy would never',
    ],
    [{ policy: { grants: [], offlineDays: 1.5 } }, 'offlineDays: write a whole number'],
    [{ label: { id: 'x', siteId } }, 'rules[0].label: '],
    [{ label: { id } }, 'rules[0].label: write the GUID'],
    [{ label: { id, siteId, method: 'Manual' } }, 'rules[0].label.method'],
    [{ match: { includeExcluded: true }, skip: true }, 'this is for the whole run'],
    [{ match: { minSize: '2k', maxSize: '1k' }, skip: true }, 'rules[0].match: '],
    [{ match: { extensions: 'docx' }, skip: true }, 'write a list in brackets, not "docx"'],
    [{ match: { owners: [1] }, skip: true }, 'rules[0].match.owners[0]: write a text'],
    [{ match: [], skip: true }, 'rules[0].match: write a match in braces, not a list'],
    [{ match: null, skip: true }, 'rules[0].match: write a match in braces, not null'],
    [{ skip: 'yes' }, 'rules[0].skip: write true or false'],
    [{ name: 'x'.repeat(201), skip: true }, 'at most 200 characters'],
    ['skip', 'rules[0]: write a rule in braces, not "skip"'],
  ])('%j is refused', (rule, reason) => {
    expect(mistakes(rule)).toContain(reason);
  });

  it('behind one that takes every file are refused', () => {
    expect(
      mistakesIn({ rules: [{ template: 'a' }, { match: { extensions: ['x'] }, skip: true }] }),
    ).toContain('rules[0]: this rule takes every file, so that rules[1] is never reached');
    expect(mistakesIn({ rules: [{ match: {}, template: 'a' }, { skip: true }] })).toContain('never reached');
  });

  it('that are none are refused', () => {
    for (const rules of [
      undefined,
      null,
      7,
      [],
      '',
      '[]',
      'null',
      {},
      { rules: [] },
      { rules: {} },
      { rule: [] },
    ])
      expect(mistakesIn(rules), String(rules)).not.toBe('');
    expect(mistakesIn({ rules: [], rule: 1 })).toContain(
      'the whole: there is no field "rule": did you mean rules?',
    );
  });

  it('are refused if a text says something twice, for one of the two would count for nothing', () => {
    expect(mistakesIn('{"rules": [{"skip": true, "skip": false}]}')).toContain('"skip" stands twice');
  });

  it('say where a text stops being JSON, and nothing of what it holds', () => {
    expect(mistakesIn('{\n  "rules": [secret]\n}')).toContain('in line 2, column 13');
    expect(mistakesIn('{\n  "rules": [secret]\n}')).not.toContain('secret');
    expect(mistakesIn('{"rules": [')).toContain('line 1, column 12');
  });
});

describe('Hostile rules', () => {
  it('cannot reach what objects inherit', () => {
    const text = '{"rules": [{"skip": true, "__proto__": {"template": "x"}, "match": {"__proto__": null}}]}';
    expect(mistakesIn(text)).toContain('there is no field "__proto__"');
    expect(mistakesIn('{"rules": [{"constructor": 1, "skip": true}]}')).toContain('"constructor"');
    const data = '{"rules": [{"policy": {"grants": [], "signedApplicationData": {"__proto__": "x"}}}]}';
    const [rule] = parse(data).rules;
    expect(Object.keys(rule?.policy?.signedApplicationData ?? {})).toEqual(['__proto__']);
    expect(({} as { template?: string }).template).toBeUndefined();
    expect(
      one(Object.create({ template: 'inherited', skip: 1 }, { skip: { value: true, enumerable: true } })),
    ).toMatchObject({
      template: undefined,
      skip: true,
    });
  });

  it('are bounded in number, length and depth', () => {
    expect(mistakesIn({ rules: Array.from({ length: 1_001 }, () => ({ skip: true })) })).toContain(
      'at most 1000',
    );
    expect(mistakesIn(`"${'x'.repeat(5_000_000)}"`)).toContain('longer than');
    expect(mistakesIn(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).not.toBe('');
    expect(mistakesIn(`{"rules":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)).not.toBe('');
    expect(
      mistakes({ match: { extensions: Array.from({ length: 10_001 }, () => 'x') }, skip: true }),
    ).toContain('at most');
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`field${i}`, i]));
    expect(mistakes({ ...many, skip: true })).toContain('995 more unknown fields');
    const wrong = mistakesIn({ rules: Array.from({ length: 1_000 }, () => ({ template: 1 })) });
    expect(wrong).toContain('and 980 more');
    expect(wrong.length).toBeLessThan(3_000);
  });

  it('are refused or read, whatever they are made of', () => {
    const names = [
      'rules',
      'match',
      'template',
      'policy',
      'label',
      'skip',
      'owner',
      'grants',
      'include',
      'minSize',
      '__proto__',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, Number.MAX_VALUE, 'x', '10MB', '30d', 'bob@contoso.com=VIEW'),
        fc.string(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    // No text can be made of it: the property found that once in a few thousand runs.
    expect(mistakesIn({ rules: [{ match: { minSize: Object.create(null) }, skip: true }] })).toContain(
      'minSize',
    );
    fc.assert(
      fc.property(tree, (rule) => {
        const message = mistakesIn({ rules: [rule] });
        expect(message).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(mistakesIn(text)).not.toBe('');
      }),
    );
  });
});

describe('A rules file', () => {
  it('is read from disk, in UTF-8, with the mark that some editors write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwright-rules-'));
    const path = join(folder, 'rules.json');
    try {
      writeFileSync(path, '\ufeff{"rules": [{"template": "Für alle"}]}');
      expect((await readBulkRules(path)).rules[0]?.template).toBe('Für alle');
      writeFileSync(path, Uint8Array.of(0x7b, 0xff));
      await expect(readBulkRules(path)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(path),
      });
      writeFileSync(
        path,
        JSON.stringify({
          rules: [{ policy: { grants: [] }, settings: { pdf: { cover: { document: devNull } } } }],
        }),
      );
      await expect(readBulkRules(path)).rejects.toThrow(
        /rules\[0\]\.settings\.pdf\.cover\.document.*no regular file/,
      );
      await expect(readBulkRules(folder)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
      await expect(readBulkRules(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
