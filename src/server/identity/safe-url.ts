import { isLoopbackHost } from '../../licensing/index.ts';

/** Whether a URL is HTTPS, or plain HTTP to this machine itself, with nothing in it that does not belong there. */
export function isSafeUrl(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}
