import type { RequestFacts } from '../../authority/index.ts';
import { parseGuid } from '../../rights/index.ts';

const longestClientInfo = 512;

/** What the headers of a request tell the usage log (spec/server.md, "Headers"). */
export function requestFacts(headers: Headers, clientAddress: string | undefined): RequestFacts {
  return {
    correlationId: correlationId(headers.get('x-ms-rms-request-id')),
    clientInfo: clientInfo(headers.get('x-ms-rms-platform-id')),
    clientAddress,
  };
}

/** Two GUIDs, of the scenario and of this request, or the latter alone; with or without braces. */
function correlationId(header: string | null): string | undefined {
  if (header === null || header.length > 160) return undefined;
  const guids = header.split(';', 3).filter((each) => each.trim() !== '');
  const last = guids[1] ?? guids[0];
  return last === undefined || guids.length > 2 ? undefined : parseGuid(last);
}

/** A list `Name=value;` of whatever the client says of itself; anything that is not printable ASCII is left out. */
function clientInfo(header: string | null): string | undefined {
  if (header === null) return undefined;
  const text = header
    .slice(0, longestClientInfo)
    .replace(/[^\x20-\x7e]|'/g, '')
    .trim();
  return text === '' ? undefined : `SDK;${text}`;
}
