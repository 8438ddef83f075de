import { openAuthority } from '../../src/authority/folder/index.ts';
import { open, protect } from '../../src/index.ts';

/**
 * One of several processes that work with one authority at the same time: protects files, opens each again as
 * another person, is refused as a third, and withdraws every fifth. Starts when its input ends, so that all start at
 * once. Prints the content ids it made.
 */
const [, , folder = '', me = '', count = '0'] = process.argv;
const authority = await openAuthority(folder);
const service = authority.as(`${me}@contoso.com`);
const made: string[] = [];
process.stdout.write('ready\n');
for await (const _ of process.stdin);
for (let n = 0; n < Number(count); n++) {
  const content = new TextEncoder().encode(`${me} ${n} `.repeat(1 + n * 100));
  const file = await protect(content, {
    service,
    name: `${me}-${n}.txt`,
    policy: { grants: [{ to: 'reader@contoso.com', rights: ['VIEW'] }] },
  });
  made.push(file.contentId);
  const bytes = await file.bytes();
  const opened = await open(bytes, { service: authority.as('reader@contoso.com') });
  if (Buffer.compare(await opened.bytes(), content) !== 0) throw new Error(`file ${n} came back changed`);
  opened.close();
  const refusal = await open(bytes, { service: authority.as('eve@example.com') }).catch(
    (error) => error.code,
  );
  if (refusal !== 'ACCESS_DENIED') throw new Error(`file ${n} was not refused to a stranger`);
  if (n % 5 !== 0) continue;
  await service.revoke(file.contentId);
  const late = await open(bytes, { service: authority.as('reader@contoso.com') }).catch(
    (error) => error.code,
  );
  if (late !== 'ACCESS_DENIED') throw new Error(`file ${n} was still open after it was withdrawn`);
}
await authority.close();
process.stdout.write(JSON.stringify(made));
