// The library and the C++ program encrypt the same bytes to the same bytes, under one key.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryEntry } from '../measuring/library.mjs';

/** Lengths around the ends of segments and of the windows that either side works in. */
const lengths = [0, 1, 15, 16, 4095, 4096, 4097, 1048575, 1048576, 1048577, 8388608, 20_000_003];

/** Throws if they differ for any length, in either direction. Gives how many were compared. */
export async function assertSameBytes(program, folder) {
  const { cipherMode } = await libraryEntry('cipher');
  const mode = cipherMode('MICROSOFT.CBC4K');
  const key = randomBytes(32);
  const [plain, encrypted, opened] = ['plain', 'encrypted', 'opened'].map((name) =>
    join(folder, `same-${name}`),
  );
  for (const length of lengths) {
    const content = randomBytes(length);
    writeFileSync(plain, content);
    const ours = new Uint8Array(mode.encryptedLength(length));
    await mode.encryptor(key).encrypt(content, 0, true, ours);
    for (const manner of ['sdk', 'careful']) {
      const run = (work, from, to) =>
        execFileSync(program, [manner, work, from, to], { env: { CBC4K_KEY: key.toString('hex') } });
      run('encrypt', plain, encrypted);
      if (hash(readFileSync(encrypted)) !== hash(ours))
        throw new Error(`C++ (${manner}) and the library encrypt ${length} bytes differently`);
      run('decrypt', encrypted, opened);
      if (hash(readFileSync(opened)) !== hash(content))
        throw new Error(`C++ (${manner}) does not get its ${length} bytes back`);
    }
  }
  for (const path of [plain, encrypted, opened]) rmSync(path);
  return lengths.length;
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
