/** What the bytes of a text are, found while they pass. */
export interface TextSurvey {
  see(bytes: Uint8Array): void;
  /** `ascii` below 128 throughout, `utf-8` if they are valid as that, else `other`. */
  readonly kind: 'ascii' | 'utf-8' | 'other';
}

/** Looks at a text in windows of any length. */
export function surveyText(): TextSurvey {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [ascii, valid, seen] = [true, true, false];
  const check = (bytes?: Uint8Array): void => {
    try {
      if (bytes === undefined) decoder.decode();
      else decoder.decode(bytes, { stream: true });
    } catch {
      valid = false;
    }
  };
  return {
    see(bytes) {
      if (!valid) return;
      if (ascii && bytes.some((byte) => byte > 127)) ascii = false;
      if (ascii) return;
      seen = true;
      check(bytes);
    },
    get kind() {
      if (ascii) return 'ascii';
      if (valid && seen) check();
      return valid ? 'utf-8' : 'other';
    },
  };
}
