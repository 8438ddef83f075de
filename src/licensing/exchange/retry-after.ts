/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or an HTTP date (RFC 9110, section 10.2.3); `undefined` for none, or for
 * one that makes no sense.
 */
export function retryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  // The formats of HTTP dates all begin with a day's name, and all end in GMT or in a year.
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(text)) return undefined;
  const time = Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now.getTime());
}
