// Kills a bulk run again and again at random moments, each time with no chance to tidy up, and lets the next one go on.
// After each death every file that was touched must be whole, and at the end each must have been worked on exactly once:
//
//   node spec/conformance/bulk/kill.mjs --kills 200 --files 20000 --operation protect --place in-place
//
// Needs a build in dist/. `--operation`: protect or unprotect; `--place`: in-place or out.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesIn, makeTree, namesOf, sha256 } from './tree.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    files: { type: 'string', default: '20000' },
    operation: { type: 'string', default: 'protect' },
    place: { type: 'string', default: 'in-place' },
    threads: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const kills = Number(values.kills);
const files = Number(values.files);
const { operation, place } = values;
const dist = new URL('../../../dist/', import.meta.url);
const { initAuthority } = await import(new URL('authority/folder/index.js', dist));
const { open, protect } = await import(new URL('index.js', dist));
const { inspectFile, openFile, protectFiles } = await import(new URL('node/index.js', dist));

const work = mkdtempSync(join(values.folder, 'sealwright-kill-'));
const tree = join(work, 'tree');
const out = place === 'out' ? join(work, 'out') : undefined;
const authorityFolder = join(work, 'authority');
const journal = join(work, 'run.journal');
mkdirSync(tree);
const problems = [];
const started = performance.now();
const said = (text) =>
  console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);

const hashes = makeTree(tree, files);
const authority = await initAuthority(authorityFolder, { name: 'Contoso' });
const service = authority.as('alice@contoso.com');
const documentHashes = await hashesOnceOpened();
if (operation === 'unprotect') {
  const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] };
  const prepared = await protectFiles(tree, { service, policy, inPlace: true, durable: false });
  if (prepared.done !== files) throw new Error(`Only ${prepared.done} of ${files} files could be prepared.`);
}
said(`${files} files, ${operation}, ${place}, ${values.threads} threads`);

let killed = 0;
let sessions = 0;
let checked = 0;
for (; killed < kills; sessions++) {
  const since = Date.now();
  const child = startSession();
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 'killed')));
  const working = new Promise((resolve) => child.once('message', resolve));
  // Mostly while files are worked on; now and then while the journal is read, or before anything has happened.
  if (Math.random() < 0.1) await Promise.race([setTimeout(Math.random() * 400), ended]);
  else {
    await Promise.race([working, ended]);
    await Promise.race([setTimeout(Math.random() * 400), ended]);
  }
  child.kill('SIGKILL');
  if ((await ended) !== 'killed') break;
  killed++;
  checked += await checkTouched(since);
  if (killed % 20 === 0)
    said(`killed ${killed} times, ${checked} touched files looked at, ${problems.length} problems`);
}
const last = startSession();
let text = '';
last.stdout.on('data', (part) => (text += part));
const code = await new Promise((resolve) => last.once('exit', resolve));
sessions++;
if (code !== 0) problems.push(`the last session ended with exit code ${code}`);
const report = JSON.parse(text);
said(`finished after ${killed} kills; now every file is opened`);

// What the disk says at the end.
const finalFolder = out ?? tree;
const present = filesIn(finalFolder);
const temporary = present.filter((path) => path.endsWith('.sealwright-tmp'));
const ids = new Map();
let whole = 0;
for (const [path, hash] of hashes) {
  const state = await stateOf(finalFolder, path, hash);
  const wanted = operation === 'protect' ? 'protected' : 'plain';
  if (state.is !== wanted) problems.push(`${path}: ${state.is} at the end`);
  else whole++;
  if (state.contentId !== undefined) {
    if (ids.has(state.contentId)) problems.push(`${path} has the content id of ${ids.get(state.contentId)}`);
    ids.set(state.contentId, path);
  }
}
if (present.length !== files) problems.push(`${present.length} files on disk, not ${files}`);
if (temporary.length > 0) problems.push(`${temporary.length} temporary files left: ${temporary[0]}`);
if (out !== undefined) {
  for (const [path, hash] of hashes)
    if (operation === 'protect' && sha256(await readFile(join(tree, path))) !== hash)
      problems.push(`${path}: the original changed`);
}
if (report.done !== files || report.found !== files || report.failed !== 0 || report.skipped !== 0)
  problems.push(
    `the report says found ${report.found}, done ${report.done}, skipped ${report.skipped}, failed ${report.failed}`,
  );
if (!report.complete) problems.push('the report says that the run is not complete');

console.table({
  files: files,
  kills: killed,
  'sessions (report)': `${sessions} (${report.sessions})`,
  'touched files looked at after kills': checked,
  'whole at the end, opened, hash equal': whole,
  'distinct content ids': ids.size,
  'report found / done / skipped / failed': `${report.found} / ${report.done} / ${report.skipped} / ${report.failed}`,
  'temporary files left': temporary.length,
  problems: problems.length,
});
for (const problem of problems.slice(0, 20)) console.error(problem);
if (killed < kills) console.log(`The work was over after ${killed} kills: take more files for more.`);
await authority.close();
if (problems.length === 0) rmSync(work, { recursive: true, force: true });
else console.error(`Everything is kept in ${work}.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function startSession() {
  const script = fileURLToPath(new URL('session.mjs', import.meta.url));
  const settings = {
    operation,
    tree,
    out,
    journal,
    authority: authorityFolder,
    threads: Number(values.threads),
  };
  return spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** Looks at every file whose directory entry or content changed since, with a margin for clocks. */
async function checkTouched(since) {
  let looked = 0;
  for (const [path, hash] of hashes) {
    if (!changedSince(path, since - 100)) continue;
    looked++;
    const { is } = await stateOf(tree, path, hash);
    if (is !== 'plain' && is !== 'protected') problems.push(`${path}: ${is} after kill ${killed}`);
    if (out === undefined) continue;
    const made = await stateOf(out, path, hash);
    if (!['plain', 'protected', 'missing'].includes(made.is))
      problems.push(`out/${path}: ${made.is} after kill ${killed}`);
  }
  return looked;
}

function changedSince(path, time) {
  return [tree, ...(out === undefined ? [] : [out])].some((folder) =>
    namesOf(path).some(
      (name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.ctimeMs ?? 0) >= time,
    ),
  );
}

/**
 * What an opened PDF hashes to: it has the objects of the original, put together anew, always the same way but for
 * the `/ID` that a PDF without one gets from its license.
 */
async function hashesOnceOpened() {
  const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] };
  const original = new URL('../../../examples/documents/contract.pdf', import.meta.url);
  const bytes = await readFile(original);
  const file = await protect(bytes, { service, policy, name: 'contract.pdf' });
  const opened = await open(await file.bytes(), { service });
  const hash = sha256(withoutId(await opened.bytes()));
  opened.close();
  return new Map([[sha256(bytes), hash]]);
}

function withoutId(bytes) {
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(text.replace(/\/ID ?\[[^\]]*\]/, ''), 'latin1');
}

function isContent(bytes, hash) {
  return sha256(bytes) === hash || sha256(withoutId(bytes)) === documentHashes.get(hash);
}

/** Whether the file is there, under which of its states, and with the right content. */
async function stateOf(folder, path, hash) {
  for (const name of namesOf(path)) {
    const where = join(folder, name);
    let found;
    try {
      found = await inspectFile(where);
    } catch (error) {
      if (error.code === 'FILE_NOT_FOUND') continue;
      return { is: `damaged (${error.code})` };
    }
    if (!found.protected) return { is: isContent(await readFile(where), hash) ? 'plain' : 'changed' };
    const opened = await openFile(where, { service });
    try {
      return isContent(await opened.bytes(), hash)
        ? { is: 'protected', contentId: opened.contentId }
        : { is: 'protected with another content' };
    } finally {
      await opened.close();
    }
  }
  return { is: 'missing' };
}
