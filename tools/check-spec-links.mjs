// Holds the source against spec/: every spec file that a comment names exists, and so does every section it names, as a
// heading; every error code has a row in spec/errors.md with the exit code that the command gives it.
// Run: node tools/check-spec-links.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Headings of a file, without their numbers: `### 1.4 Metadata` gives both `Metadata` and `1.4`. A paragraph that
 * begins in bold has a heading too: `**templates add, list.**` gives `templates add`, `templates` and `list`.
 */
export function headingsOf(markdown) {
  const titles = new Set();
  const numbers = new Set();
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  for (const [, heading] of prose.matchAll(/^#{2,6} +(.+?) *$/gm)) {
    const [, number, title] = /^(?:(\d+(?:\.\d+)*)\.? +)?(.+)$/.exec(heading);
    titles.add(title.replaceAll('`', ''));
    if (number !== undefined) numbers.add(number);
  }
  for (const [, heading] of prose.matchAll(/^\*\*([^*]+)\.\*\*/gm)) {
    for (const title of heading.split(', ')) titles.add(title).add(title.split(' ')[0]);
  }
  return { titles, numbers };
}

/**
 * What a source text cites: `spec/x.md` alone, with a title in quotes, or with "section 1.4" or "sections 1 to 4".
 * Line breaks within a comment do not matter.
 */
export function citationsOf(source) {
  const text = source.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, (gap) => ' '.repeat(gap.length));
  const cited =
    /spec\/([\w-]+\.md)`?(?:, +(?:"([^"]+)"|sections? +(\d+(?:\.\d+)*)(?: +(?:to|and) +(\d+(?:\.\d+)*))?))?/g;
  return [...text.matchAll(cited)].map((match) => ({
    line: source.slice(0, match.index).split('\n').length,
    file: match[1],
    title: match[2]?.replace(/ +/g, ' '),
    numbers: [match[3], match[4]].filter((number) => number !== undefined),
  }));
}

/** Rows of spec/errors.md that are missing, too many, or state another exit code than the command has. */
export function errorTableProblems(markdown, errors, exitCodes) {
  const codes = [...errors.matchAll(/^ {2}'([A-Z_]+)',$/gm)].map((match) => match[1]);
  const exits = Object.fromEntries(
    [...exitCodes.matchAll(/^ {2}(\w+): (\d+),$/gm)].map((match) => [match[1], match[2]]),
  );
  const expected = Object.fromEntries(
    [...exitCodes.matchAll(/^ {2}([A-Z_]+): exitCodes\.(\w+),$/gm)].map((match) => [
      match[1],
      exits[match[2]],
    ]),
  );
  const rows = [...markdown.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)];
  const problem = (code) => {
    const stated = rows.filter((row) => row[1] === code).map((row) => row[2]);
    if (stated.length !== 1) return `spec/errors.md: ${code} has ${stated.length} rows`;
    if (stated[0] !== expected[code])
      return `spec/errors.md: ${code} ends with ${expected[code]}, not ${stated[0]}`;
    return codes.includes(code) ? undefined : `spec/errors.md: there is no code ${code}`;
  };
  const named = new Set([...codes, ...rows.map((row) => row[1])]);
  return codes.length === 0 ? ['src/errors.ts: no codes found'] : [...named].map(problem).filter(Boolean);
}

function problems() {
  const text = (path) => readFileSync(join(root, path), 'utf8');

  const headings = new Map();
  const found = [];
  for (const path of readdirSync(join(root, 'src'), { recursive: true }).sort()) {
    if (!path.endsWith('.ts')) continue;
    for (const { line, file, title, numbers } of citationsOf(readFileSync(join(root, 'src', path), 'utf8'))) {
      const report = (message) => found.push(`src/${path}:${line}: ${message}`);
      const spec = join(root, 'spec', file);
      if (!existsSync(spec)) {
        report(`spec/${file} is not there`);
        continue;
      }
      if (!headings.has(file)) headings.set(file, headingsOf(readFileSync(spec, 'utf8')));
      const { titles, numbers: sections } = headings.get(file);
      if (title !== undefined && !titles.has(title)) report(`spec/${file} has no section "${title}"`);
      for (const number of numbers) {
        if (!sections.has(number)) report(`spec/${file} has no section ${number}`);
      }
    }
  }
  found.push(
    ...errorTableProblems(text('spec/errors.md'), text('src/errors.ts'), text('src/cli/exit-codes.ts')),
  );
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = problems();
  for (const problem of found) console.error(problem);
  console.log(`spec links: ${found.length} problems`);
  if (found.length > 0) process.exit(1);
}
