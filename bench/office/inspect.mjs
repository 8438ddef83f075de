// What it costs to look at a folder of many mixed files: `sealwright inspect -r --json` beside `file`, and beside
// reading the whole of each. Turn by turn, medians; bytes are what the kernel counted for the process (Linux), less
// what it reads to start.
//   node bench/office/inspect.mjs [--files 10000] [--rounds 5] [--folder DIR] [--program PATH-TO-CLI]
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { protect } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
    program: { type: 'string', default: fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)) },
  },
});
const count = Number(values.files);
const rounds = Number(values.rounds);
const samples = fileURLToPath(new URL('../../../shared/data/samples', import.meta.url));
const folder = mkdtempSync(join(values.folder, 'sealwright-inspect-'));
const at = (name) => join(folder, name);

try {
  const authority = await initAuthority(at('authority'));
  const kinds = await filesToCopy(authority.as('alice@contoso.com'));
  await authority.close();
  const paths = fillFolder(kinds);
  writeFileSync(at('list'), paths.map((path) => `${path}\n`).join(''));
  mkdirSync(at('one'));
  writeFileSync(at('one/a.txt'), 'hello\n');
  writeFileSync(at('one-list'), `${at('one/a.txt')}\n`);
  const total = paths.reduce((sum, path) => sum + statSync(path).size, 0);

  const whole =
    'const f=require("node:fs");for(const p of f.readFileSync(process.argv[1],"utf8").split("\\n"))if(p)f.readFileSync(p)';
  const inspect = (path) => [process.execPath, values.program, 'inspect', '-r', '--json', path];
  const list = (name) => at(name === 'all' ? 'list' : 'one-list');
  const cases = {
    'sealwright inspect': (name) => inspect(at(name)),
    file: (name) => ['file', '-f', list(name)],
    'whole, in Node': (name) => [process.execPath, '-e', whole, list(name)],
    'whole, cat': (name) => ['xargs', '-a', list(name), 'cat'],
  };
  const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, command] of Object.entries(cases)) {
      const start = run(command('one'));
      results[name].push({ start, all: run(command('all')) });
    }

  checkAnswers(run(inspect(at('all')), at('answers')), kinds);
  console.log(
    `${paths.length} files, ${(total / 1e6).toFixed(0)} MB, ${kinds.size} kinds, median of ${rounds} rounds, ` +
      `${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}`,
  );
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
  const seconds = (name) => median(results[name].map(({ all }) => all.seconds));
  for (const [name, runs] of Object.entries(results)) {
    const bytes = median(runs.map(({ start, all }) => all.bytes - start.bytes)) / paths.length;
    const starting = median(runs.map(({ start }) => start.seconds));
    console.log(
      `  ${name.padEnd(20)} ${seconds(name).toFixed(2).padStart(6)} s ${Math.round(
        paths.length / seconds(name),
      )
        .toString()
        .padStart(7)} files/s ` +
        `${(seconds('file') / seconds(name)).toFixed(2).padStart(6)} x file ${Math.round(bytes).toString().padStart(8)} bytes read a file ` +
        `(${((bytes * paths.length * 100) / total).toFixed(1).padStart(5)} %); starting takes ${starting.toFixed(2)} s`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Content by name: plain, protected, labelled, with passwords; real files where they are at hand. */
async function filesToCopy(service) {
  const kinds = new Map();
  const real = (kind) =>
    existsSync(join(samples, kind))
      ? readdirSync(join(samples, kind)).map((name) => [name, readFileSync(join(samples, kind, name))])
      : [];
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
  const plain = [
    ...real('plaintext'),
    ['made.docx', madeDocument()],
    ['made.txt', Buffer.from('hello\n'.repeat(500))],
  ];
  for (const [name, bytes] of plain) {
    kinds.set(`plain-${name}`, bytes);
    for (const format of ['office', 'pfile']) {
      if (format === 'office' && !/^\.(?:doc|docx|xls|xls[bmx]|ppt|pptx|vsdx)$/.test(extname(name))) continue;
      const file = await protect(bytes, { service, policy, name, format });
      kinds.set(`protected-${file.name}`, await file.bytes());
    }
  }
  for (const kind of ['labels', 'negatives', 'office-irm', 'pfile', 'pdf'])
    for (const [name, bytes] of real(kind)) kinds.set(`${kind}-${name}`, bytes);
  return kinds;
}

/** A package with a picture of a megabyte. */
function madeDocument() {
  const text = (xml) => new TextEncoder().encode(xml);
  const picture = Uint8Array.from({ length: 1e6 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  return zipSync(
    {
      '[Content_Types].xml': text(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
      ),
      'word/document.xml': text(
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
      ),
      'word/media/picture.bin': picture,
    },
    { level: 0 },
  );
}

function fillFolder(kinds) {
  const paths = [];
  const all = [...kinds];
  for (let i = 0; i < count; i++) {
    const [name, bytes] = all[i % all.length];
    const inside = at(join('all', String(Math.floor(i / 500))));
    if (i % 500 === 0) mkdirSync(inside, { recursive: true });
    paths.push(join(inside, `${i}-${name}`));
    writeFileSync(paths.at(-1), bytes);
  }
  return paths;
}

/** Runs a command to its end; a shell around it is told what its children read. */
function run(command, output = '/dev/null') {
  const script = '"$@" > "$OUT" 2>/dev/null; cat /proc/$$/io 2>/dev/null';
  const start = process.hrtime.bigint();
  const counted = execFileSync('sh', ['-c', script, 'sh', ...command], {
    env: { ...process.env, OUT: output },
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, bytes: Number(/^rchar: (\d+)$/m.exec(counted.toString())?.[1] ?? Number.NaN), output };
}

/** Each file has a line, and says of itself what it is. */
function checkAnswers({ output }, kinds) {
  const lines = readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wrong = lines.filter(({ file, protected: isProtected, error }) => {
    const kind = /(\d+)-(.*)$/.exec(file.slice(file.lastIndexOf('/')))?.[2] ?? '';
    if (kind.startsWith('protected-')) return isProtected !== true;
    if (kind.startsWith('plain-') || kind.startsWith('labels-'))
      return isProtected !== false || error !== undefined;
    return false;
  });
  if (lines.length !== count || wrong.length > 0)
    throw new Error(
      `${lines.length} of ${count} files were answered, ${wrong.length} wrongly: ${wrong[0]?.file}`,
    );
  const recognised = {};
  for (const { format, recognisedAs, protected: isProtected } of lines)
    recognised[isProtected ? format : recognisedAs] =
      (recognised[isProtected ? format : recognisedAs] ?? 0) + 1;
  console.log(
    `${kinds.size} kinds of files: ${Object.entries(recognised)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(', ')}`,
  );
  console.log(`labels found in ${lines.filter(({ labels }) => labels?.length > 0).length} files`);
}
