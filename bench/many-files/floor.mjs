// What one small file cannot cost less than: its RSA operations and its calls of the file system, by Node's own
// means, one after the other in one thread. Tells microseconds of each, and those of processor time, as a line of JSON.
//   node bench/many-files/floor.mjs FOLDER FILE-BYTES
import crypto from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { median } from '../measuring/table.mjs';

const [, , parent, bytes] = process.argv;
const size = Number(bytes);
const folder = mkdtempSync(join(parent, 'floor-'));
const rounds = 5;
const files = 200;
const at = (name) => join(folder, name);

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const text = crypto.randomBytes(3000);
const contentKey = crypto.randomBytes(32);
const signature = crypto.sign('sha256', text, privateKey);
const oaep = { padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
const wrapped = crypto.publicEncrypt({ key: publicKey, ...oaep }, contentKey);
const content = crypto.randomBytes(size);
const room = Buffer.alloc(size);

const parts = {
  sign: () => crypto.sign('sha256', text, privateKey),
  unwrap: () => crypto.privateDecrypt({ key: privateKey, ...oaep }, wrapped),
  wrap: () => crypto.publicEncrypt({ key: publicKey, ...oaep }, contentKey),
  verify: () => crypto.verify('sha256', text, publicKey, signature),
  read: (n) => {
    const file = openSync(at(`original ${n}`), 'r');
    fstatSync(file);
    readSync(file, room);
    closeSync(file);
  },
  write: (n) => {
    const file = openSync(at(`temporary ${n}`), 'wx', 0o600);
    writeSync(file, content);
    closeSync(file);
  },
  // In place a file is replaced, then gets another name, which must not be taken.
  rename: (n) => {
    statSync(at(`original ${n}`));
    renameSync(at(`temporary ${n}`), at(`original ${n}`));
    linkSync(at(`original ${n}`), at(`protected ${n}`));
    unlinkSync(at(`original ${n}`));
  },
  flush: (n) => {
    const file = openSync(at(`protected ${n}`), 'r+');
    fsyncSync(file);
    closeSync(file);
  },
};

try {
  const lists = () => Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
  const [microseconds, processor] = [lists(), lists()];
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < files; n++) writeFileSync(at(`original ${n}`), content);
    for (const [name, part] of Object.entries(parts)) {
      const start = process.hrtime.bigint();
      const cpu = process.cpuUsage();
      for (let n = 0; n < files; n++) part(n);
      const { user, system } = process.cpuUsage(cpu);
      microseconds[name].push(Number(process.hrtime.bigint() - start) / 1000 / files);
      processor[name].push((user + system) / files);
    }
    for (let n = 0; n < files; n++) rmSync(at(`protected ${n}`));
  }
  const medians = (list) =>
    Object.fromEntries(Object.entries(list).map(([name, values]) => [name, median(values)]));
  console.log(
    JSON.stringify({ floor: { microseconds: medians(microseconds), processor: medians(processor) } }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
