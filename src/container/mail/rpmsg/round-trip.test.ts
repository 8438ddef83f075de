import { describe, expect, it } from 'vitest';
import { cipherModeNames } from '../../../cipher/index.ts';
import { cipher, message, opened, protectedBytes, textOf } from './rpmsg.test-support.ts';

describe('a protected message', () => {
  for (const mode of cipherModeNames)
    it(`gives its plain text back, encrypted in ${mode}`, async () => {
      const bytes = await protectedBytes(message(), cipher(mode));
      const { body, attachments } = await opened(bytes, cipher(mode));
      expect(body?.native).toBe('plain');
      expect(body?.codePage).toBe(65001);
      expect(await textOf(body?.plain)).toBe('Good morning, <you> & all.\r\n');
      expect(attachments).toEqual([]);
    });
});
