import { decodeUtf8, maxima } from '../../bytes/index.ts';

/** Why a text is not taken as JSON. */
export type JsonProblem = 'not-utf8' | 'not-json' | 'too-deep';

/** The value, or why there is none. */
export type JsonReading =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly problem: JsonProblem };

/** Reads JSON of bounded depth; members called `__proto__` are dropped, however they are spelled. */
export function readJson(bytes: Uint8Array): JsonReading {
  let text: string;
  try {
    text = decodeUtf8(bytes);
  } catch {
    return { problem: 'not-utf8' };
  }
  if (isDeeper(text, maxima.jsonDepth)) return { problem: 'too-deep' };
  try {
    const suspicious = /__proto__|\\u005f/i.test(text);
    const value: unknown = suspicious
      ? JSON.parse(text, (key, member: unknown) => (key === '__proto__' ? undefined : member))
      : JSON.parse(text);
    return { value };
  } catch {
    return { problem: 'not-json' };
  }
}

/** Counts brackets outside strings, so that no parser meets a text that nests without end. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > most) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}
