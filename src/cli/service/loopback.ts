import { isLoopbackHost } from '../../licensing/index.ts';

/** Whether a URL leads to this machine itself, where plain HTTP harms nobody. */
export const isLoopbackUrl = (url: string): boolean => isLoopbackHost(new URL(url).hostname);
