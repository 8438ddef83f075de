import { wipe } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import { printable, withoutLongWords } from '../exchange/printable.ts';
import type { AnswerFacts, AnswerFields } from './answer-fields.ts';

/** A content key and what it is for. Wipe the key when done. */
export interface AnsweredKey {
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
}

const longestKey = 64;

/**
 * Reads the member `Key` of an answer. Its length must be one that the cipher mode takes; what `Size` counts is not
 * settled, so it is read and not used (spec/rest.md, "Use licenses").
 *
 * Throws `MALFORMED_ANSWER`, `UNSUPPORTED_CIPHER_MODE`.
 */
export function readKey(fields: AnswerFields, answer: AnswerFacts): AnsweredKey {
  const key = fields.object('Key');
  if (key === undefined) throw fields.malformed('Key', 'is missing');
  const algorithm = key.requiredText('Algorithm', 64);
  if (algorithm.toUpperCase() !== 'AES') throw key.malformed('Algorithm', 'is not AES');
  const mode = knownMode(key.requiredText('CipherMode', 64), answer);
  key.number('Size');
  const contentKey = key.requiredBytes('Value', longestKey);
  if (!mode.keyLengths.includes(contentKey.length)) {
    const { length } = contentKey;
    wipe(contentKey);
    throw key.malformed('Value', `has ${length} bytes, and ${mode.name} takes ${mode.keyLengths.join(', ')}`);
  }
  return { contentKey, cipherMode: mode.name };
}

function knownMode(name: string, answer: AnswerFacts): ReturnType<typeof cipherMode> {
  try {
    return cipherMode(name);
  } catch (cause) {
    throw new SealwrightError(
      'UNSUPPORTED_CIPHER_MODE',
      `The service ${answer.url.host} names a cipher mode that is not known here: "${withoutLongWords(printable(name, 64))}". Update Sealwright, or ask who runs the service.`,
      {
        field: 'Key.CipherMode',
        status: answer.status,
        host: answer.url.host,
        requestId: answer.requestId,
        cause,
      },
    );
  }
}
