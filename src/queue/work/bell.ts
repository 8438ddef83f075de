/** Wakes whoever waits for something to change. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after this time in milliseconds. */
  heard(most: number): Promise<void>;
}

export function bell(): Bell {
  const waiting = new Set<() => void>();
  return {
    ring() {
      for (const wake of waiting) wake();
    },
    heard: (most) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, most);
        waiting.add(wake);
      }),
  };
}
