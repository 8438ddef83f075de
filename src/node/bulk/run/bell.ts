/** Wakes everybody who waits, so that they look again at what they wait for. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring. */
  heard(): Promise<void>;
  /** Resolves once `holds` does, asked now and at each ring. */
  until(holds: () => boolean): Promise<void>;
}

export function bell(): Bell {
  let next: Promise<void> | undefined;
  let wake: () => void = () => undefined;
  const heard = (): Promise<void> => {
    next ??= new Promise((resolve) => {
      wake = resolve;
    });
    return next;
  };
  return {
    heard,
    ring() {
      next = undefined;
      wake();
    },
    async until(holds) {
      while (!holds()) await heard();
    },
  };
}
