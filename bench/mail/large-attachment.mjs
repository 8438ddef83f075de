// Protects and opens messages with one large attachment, file to file: node bench/mail/large-attachment.mjs [MiB] [case …]
// Each case runs in a process of its own. Prints throughput and the most memory, which must not grow with the attachment.
//   eml  a MIME message with a file
//   msg  the same as an Outlook item
//   pdf  an Outlook item with a PDF that is protected for itself, under interop: 'microsoft'
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryEntry } from '../measuring/library.mjs';

const cases = ['eml', 'msg', 'pdf'];
const mebibytes = Number(process.argv[2] ?? 100);
const wanted = process.argv.slice(3);

if (process.env.SEALWRIGHT_BENCH_CASE === undefined)
  for (const name of wanted.length > 0 ? wanted : cases)
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(mebibytes)], {
      stdio: 'inherit',
      env: { ...process.env, SEALWRIGHT_BENCH_CASE: name },
    });
else await measure(process.env.SEALWRIGHT_BENCH_CASE);

/** A PDF of images without compression, as scanned pages are. */
function* pdf(bytes) {
  const image = 1024 * 1024;
  const count = Math.ceil(bytes / image);
  const offsets = [];
  let at = 0;
  const text = (value) => {
    const piece = Buffer.from(value, 'latin1');
    at += piece.length;
    return piece;
  };
  const object = (value) => {
    offsets.push(at);
    return text(`${offsets.length} 0 obj\n${value}\nendobj\n`);
  };
  yield text('%PDF-1.7\n');
  yield object('<</Type/Catalog/Pages 2 0 R>>');
  const kids = Array.from({ length: count }, (_, page) => `${3 + 3 * page} 0 R`).join(' ');
  yield object(`<</Type/Pages/Count ${count}/Kids[${kids}]>>`);
  for (let page = 0; page < count; page++) {
    const own = 3 + 3 * page;
    yield object(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents ${own + 1} 0 R/Resources<</XObject<</I ${own + 2} 0 R>>>>>>`,
    );
    yield object('<</Length 28>>stream\nq 612 0 0 792 0 0 cm /I Do Q\nendstream');
    offsets.push(at);
    yield text(
      `${own + 2} 0 obj\n<</Type/XObject/Subtype/Image/Width 1024/Height 1024/BitsPerComponent 8/ColorSpace/DeviceGray/Length ${image}>>stream\n`,
    );
    at += image;
    yield randomBytes(image);
    yield text('\nendstream\nendobj\n');
  }
  const table = at;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = offsets.length + 1;
  yield text(
    `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`,
  );
}

function* noise(bytes) {
  for (let done = 0; done < bytes; done += 2 ** 20) yield randomBytes(2 ** 20);
}

async function writeMessage(path, type, name, pieces) {
  const out = createWriteStream(path);
  out.write(
    `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
  );
  let rest = Buffer.alloc(0);
  const put = async (bytes) => {
    const text = bytes
      .toString('base64')
      .match(/.{1,76}/g)
      ?.join('\r\n');
    if (text !== undefined && !out.write(`${text}\r\n`)) await once(out, 'drain');
  };
  for (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 57);
    await put(bytes.subarray(0, whole));
    rest = Buffer.from(bytes.subarray(whole));
  }
  await put(rest);
  out.end('--b--\r\n');
  await once(out, 'finish');
}

async function digest(file) {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes);
  return hash.digest('hex');
}

async function measure(name) {
  const { createAuthority, createMemoryStore } = await libraryEntry('authority');
  const { doNotForward } = await libraryEntry('.');
  const { custodianFromPkcs8, generateRsaKey } = await libraryEntry('license');
  const { openFile, protectFile } = await libraryEntry('node');
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Bench' });
  const policy = doNotForward(['bob@contoso.com']);
  const service = authority.as('alice@contoso.com');
  const interop = name === 'pdf' ? 'microsoft' : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-bench-'));
  const memory = () => `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most so far`;

  const protect = (path, out) => protectFile(path, { service, policy, interop, out: join(folder, out) });
  async function open(path, out, mailAs) {
    const opened = await openFile(path, { service: authority.as('bob@contoso.com'), mailAs });
    const saved = await opened.saveTo(`${join(folder, out)}/`);
    await opened.close();
    return saved;
  }
  async function timed(what, size, work) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const cpu = ((user + system) / 1e6).toFixed(1);
    console.log(
      `${name}: ${what}: ${seconds.toFixed(1)} s (${cpu} s of CPU), ${(size / 2 ** 20 / seconds).toFixed(0)} MiB/s, ${memory()}`,
    );
    return result;
  }

  try {
    let path = join(folder, 'large.eml');
    const bytes = mebibytes * 2 ** 20;
    if (name === 'pdf') await writeMessage(path, 'application/pdf', 'scan.pdf', pdf(bytes));
    else await writeMessage(path, 'application/octet-stream', 'large.bin', noise(bytes));
    if (name !== 'eml') {
      // An Outlook item is made by opening a message as one.
      const { path: mime } = await protect(path, 'mime');
      await open(mime, 'item', 'msg');
      path = join(folder, 'item', 'large.msg');
    }
    const { size } = statSync(path);
    console.log(`${name}: message of ${(size / 2 ** 20).toFixed(0)} MiB, ${memory()}`);
    const made = await timed('protect', size, () => protect(path, 'protected'));
    await timed('open', size, () => open(made.path, 'opened'));
    const opened = join(folder, 'opened', path.slice(path.lastIndexOf('/') + 1));
    const same = (await digest(path)) === (await digest(opened));
    const sizes = `${size} bytes before, ${statSync(opened).size} after`;
    console.log(
      same ? `${name}: the opened message is the same` : `${name}: opened message differs: ${sizes}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
