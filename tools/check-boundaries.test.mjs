import { describe, expect, it } from 'vitest';
import { boundaryProblems, isTest } from './check-boundaries.mjs';

const allowed = [
  ['license/issue.ts', "import { Reader } from '../bytes/index.ts';"],
  ['bytes/reader.ts', "import { SealwrightError } from '../errors.ts';"],
  ['index.ts', "export { protect } from './protection/index.ts';"],
  [
    'cli/main.ts',
    "import { open } from '../authority/folder/index.ts';\nimport { Command } from 'commander';",
  ],
  [
    'authority/folder/store.ts',
    "import { readFile } from 'node:fs/promises';\nimport { x } from '../store.ts';",
  ],
  ['bytes/builtin-module.ts', "const node = globalThis.process?.getBuiltinModule?.('node:crypto');"],
  ['license/key-encoding/der.ts', "import { AsnParser } from '@peculiar/asn1-schema';"],
  ['rights/access.ts', 'const process = question.process; // a Buffer'],
];

const refused = [
  ['bytes/reader.ts', "import { cipher } from '../cipher/index.ts';", 'arrows'],
  ['bytes/reader.ts', "export type { Cipher } from '../cipher/index.ts';", 'arrows'],
  ['bytes/reader.ts', "let x: import('../cipher/index.ts').Cipher;", 'arrows'],
  ['container/pfile/read.ts', "import { service } from '../../licensing/index.ts';", 'arrows'],
  ['authority/authority.ts', "import { store } from './folder/index.ts';", 'arrows'],
  ['license/issue.ts', "import { Reader } from '../bytes/reader.ts';", 'index.ts'],
  ['node/file.ts', "import { pfile } from '../container/pfile/index.ts';", 'index.ts'],
  ['license/issue.ts', "import { createSign } from 'node:crypto';", 'runs everywhere'],
  ['cipher/backend/node.ts', "import { createCipheriv } from 'node:crypto';", 'runs everywhere'],
  ['protection/open.ts', "const fs = await import('node:fs');", 'runs everywhere'],
  ['license/issue.ts', "import { DatabaseSync } from '@photostructure/sqlite';", 'may not use the package'],
  ['index.ts', "import chalk from 'chalk';", 'may not use the package'],
  ['rights/access.ts', 'const copy = Buffer.from(bytes);', 'Node only'],
  ['rights/access.ts', 'const home = globalThis.process.env.HOME;', 'Node only'],
  ['utils/x.ts', '', 'no room'],
];

describe('boundaries between rooms', () => {
  it.each(allowed)('lets %s do what its room may do (%s)', (path, text) => {
    expect(boundaryProblems(path, text)).toEqual([]);
  });

  it.each(refused)('refuses in %s: %s', (path, text, reason) => {
    const problems = boundaryProblems(path, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(reason);
    expect(problems[0]).toMatch(new RegExp(`^src/${path}:1: `));
  });

  it('exempts tests and shared suites, and nothing else', () => {
    expect(
      [
        'a/b.test.ts',
        'licensing/contract.suite.ts',
        'xrml/samples.test-support.ts',
        'licensing/contract-suite.ts',
      ].every(isTest),
    ).toBe(true);
    expect(['a/b.ts', 'a/test.ts', 'a/attest.ts'].some(isTest)).toBe(false);
  });
});
