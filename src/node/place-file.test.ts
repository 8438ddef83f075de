import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSecondName, moveFile, replaceFile, settleName } from './place-file.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const files = (): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(at(name), 'utf8')]));
const make = (contents: Record<string, string>): void => {
  for (const [name, text] of Object.entries(contents)) writeFileSync(at(name), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-place-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Moving a file to its name', () => {
  it('leaves it under the new name only', () => {
    make({ temporary: 'new' });
    moveFile(at('temporary'), at('target'), false);
    expect(files()).toEqual({ target: 'new' });
    expect(statSync(at('target')).nlink).toBe(1);
  });

  it('never replaces a file unless told to', () => {
    make({ temporary: 'new', target: 'old' });
    expect(() => moveFile(at('temporary'), at('target'), false)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_EXISTS' }),
    );
    expect(files()).toEqual({ temporary: 'new', target: 'old' });
    moveFile(at('temporary'), at('target'), true);
    expect(files()).toEqual({ target: 'new' });
  });
});

describe('Replacing a file in place', () => {
  it('swaps the content where the name stays', () => {
    make({ temporary: 'new', 'a.ptxt': 'old' });
    replaceFile(at('temporary'), at('a.ptxt'), at('a.ptxt'), 'content-first', false);
    expect(files()).toEqual({ 'a.ptxt': 'new' });
  });

  it('changes content and name in either order', () => {
    make({ temporary: 'sealed', 'a.txt': 'plain' });
    replaceFile(at('temporary'), at('a.txt'), at('a.ptxt'), 'content-first', false);
    expect(files()).toEqual({ 'a.ptxt': 'sealed' });
    make({ temporary: 'plain' });
    replaceFile(at('temporary'), at('a.ptxt'), at('a.txt'), 'name-first', false);
    expect(files()).toEqual({ 'a.txt': 'plain' });
  });

  it('leaves everything as it was if the plain name was taken meanwhile', () => {
    make({ temporary: 'plain', 'a.ptxt': 'sealed', 'a.txt': 'other' });
    expect(() => replaceFile(at('temporary'), at('a.ptxt'), at('a.txt'), 'name-first', false)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_EXISTS' }),
    );
    expect(files()).toEqual({ temporary: 'plain', 'a.ptxt': 'sealed', 'a.txt': 'other' });
  });

  it('keeps the protected file under its plain name if the protected one was taken meanwhile', () => {
    make({ temporary: 'sealed', 'a.txt': 'plain', 'a.ptxt': 'other' });
    expect(() => replaceFile(at('temporary'), at('a.txt'), at('a.ptxt'), 'content-first', false)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_EXISTS' }),
    );
    expect(files()).toEqual({ 'a.txt': 'sealed', 'a.ptxt': 'other' });
  });
});

describe('Settling a name after an interruption', () => {
  it('gives the name that was not given', () => {
    make({ 'a.txt': 'sealed' });
    settleName(at('a.txt'), at('a.ptxt'), false);
    expect(files()).toEqual({ 'a.ptxt': 'sealed' });
  });

  it('takes away the old name where both lead to the file', () => {
    make({ 'a.txt': 'sealed' });
    linkSync(at('a.txt'), at('a.ptxt'));
    expect(isSecondName(at('a.txt'), at('a.ptxt'))).toBe(true);
    settleName(at('a.txt'), at('a.ptxt'), false);
    expect(files()).toEqual({ 'a.ptxt': 'sealed' });
  });

  it('does not take one name for two', () => {
    make({ 'a.txt': 'x', 'b.txt': 'x' });
    expect(isSecondName(at('a.txt'), at('a.txt'))).toBe(false);
    expect(isSecondName(at('a.txt'), at('b.txt'))).toBe(false);
    expect(isSecondName(at('a.txt'), at('none'))).toBe(false);
  });
});
