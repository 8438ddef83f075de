import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { openDirectoryFile, parseDirectory } from './directory-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'directory-'));
  path = join(folder, 'directory.json');
});
afterEach(() => rm(folder, { recursive: true }));

const members = (...list: string[]) =>
  JSON.stringify({ groups: [{ email: 'g@contoso.com', members: list }] });

describe('a directory file', () => {
  it('is read again when it changes, and stays in force when it becomes unusable', async () => {
    const clock = { time: 0 };
    const problems: string[] = [];
    await writeFile(path, members('ana@contoso.com'));
    const directory = await openDirectoryFile(path, {
      now: () => new Date(clock.time),
      onProblem: (problem) => problems.push(problem.message),
    });
    const first = directory.current();
    expect([...first.groupsOf(['ana@contoso.com'])]).toEqual(['g@contoso.com']);
    const settle = async () => {
      clock.time += 2_000;
      directory.current();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return directory.current();
    };
    expect(await settle()).toBe(first);
    await writeFile(path, members('bo@contoso.com', 'eva@contoso.com'));
    const second = await settle();
    expect([...second.groupsOf(['ana@contoso.com'])]).toEqual([]);
    expect([...second.groupsOf(['bo@contoso.com'])]).toEqual(['g@contoso.com']);
    await writeFile(path, 'half a fi');
    expect(await settle()).toBe(second);
    expect(problems).toEqual([expect.stringContaining('it is not JSON')]);
    await rm(path);
    expect(await settle()).toBe(second);
  });

  it('has to be there at the start', async () => {
    await expect(openDirectoryFile(path)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['another shape', '[]', 'expected object'],
    ['members nobody knows', '{"users": []}', 'users'],
    ['something that is no address', '{"people": [{"email": "ana"}]}', 'people.0.email'],
    [
      'an address of two people',
      '{"people": [{"email": "a@b.de"}, {"email": "c@b.de", "aliases": ["A@b.de"]}]}',
      'two people',
    ],
    [
      'an address of a person and a group',
      '{"people": [{"email": "a@b.de"}], "groups": [{"email": "a@b.de"}]}',
      'two people',
    ],
    [
      'an id of two groups',
      '{"groups": [{"email": "a@b.de", "ids": ["1"]}, {"email": "c@b.de", "ids": ["1"]}]}',
      'twice',
    ],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseDirectory(text, 'directory.json')).toThrow(message);
  });

  it('follows groups within groups as deep as they are meant to go, and ends', () => {
    const groups = Array.from({ length: 100 }, (_, index) => ({
      email: `g${index}@contoso.com`,
      members: [index === 0 ? 'ana@contoso.com' : `g${index - 1}@contoso.com`],
    }));
    const directory = parseDirectory(JSON.stringify({ groups }), 'directory.json');
    expect(directory.groupsOf(['ana@contoso.com']).size).toBe(32);
  });

  it('ends with a directory or a typed error whatever stands in it', () => {
    const address = fc.constantFrom('a@b.de', 'c@b.de', 'd@b.de', '', 'x', '__proto__');
    const contents = fc.record({
      people: fc.array(fc.record({ email: address, aliases: fc.array(address) }), { maxLength: 4 }),
      groups: fc.array(fc.record({ email: address, members: fc.array(address) }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.oneof(contents, fc.jsonValue()), (value) => {
        try {
          parseDirectory(JSON.stringify(value), 'directory.json').groupsOf(['a@b.de']);
        } catch (error) {
          expect(error).toBeInstanceOf(SealwrightError);
        }
      }),
    );
  });
});
