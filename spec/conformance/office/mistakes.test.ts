import { beforeAll, describe, expect, it } from 'vitest';
import { open, protect } from '../../../src/index.ts';
import { newPackage, noise } from './made-documents.test-support.ts';
import { type Mistake, mistakes, outcomeOf } from './mistakes.ts';
import { allCipherModes, memoryAuthority, policy, sameBytes } from './stage.test-support.ts';

describe('a mistake with an Office document', () => {
  let all: readonly Mistake[];
  beforeAll(async () => {
    all = await mistakes();
  });

  it('is answered with one sentence or two that say what is wrong and what to do', async () => {
    const wrong: string[] = [];
    for (const mistake of all) {
      const { code, sentence } = await outcomeOf(mistake);
      const fits = code === mistake.code && mistake.says.test(sentence) && sentence.length < 300;
      if (!fits)
        wrong.push(`${mistake.what}: ${code}: ${sentence} (expected ${mistake.code}, ${mistake.says})`);
      else if (code !== 'done' && !/^["A-Z].*[.]$/s.test(sentence))
        wrong.push(`${mistake.what}: no sentence: ${sentence}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a protected document that was cut', () => {
  const codes = new Set(['MALFORMED_CONTAINER', 'DECRYPTION_FAILED', 'MALFORMED_LICENSE', 'NOT_PROTECTED']);

  it.each(allCipherModes)(
    'is refused wherever it was cut, or opens to the whole content: %s',
    async (cipherMode) => {
      const authority = await memoryAuthority();
      const plaintext = newPackage('.docx', { 'word/media/noise.bin': noise(9000) });
      const options = { service: authority.as('alice@contoso.com'), policy, name: 'a.docx', cipherMode };
      const file = await (await protect(plaintext, options)).bytes();
      const service = authority.as('bob@contoso.com');
      let step = 0;
      for (let length = 0; length < file.length; length += 97 + (step++ % 5) * 31) {
        try {
          const opened = await open(file.subarray(0, length), { service });
          expect(sameBytes(await opened.bytes(), plaintext), `cut to ${length}: other bytes`).toBe(true);
        } catch (error) {
          const { code, message } = error as { code?: string; message: string };
          expect(codes.has(code ?? ''), `cut to ${length}: ${code ?? message}`).toBe(true);
          if (length > 512) expect(code, `cut to ${length}: ${message}`).not.toBe('NOT_PROTECTED');
        }
      }
    },
  );
});
