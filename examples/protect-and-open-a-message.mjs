// Protects a message so that it cannot be forwarded, opens it as its recipient, and answers it.
// Run it with: npm run build && node examples/protect-and-open-a-message.mjs
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doNotForward, messageParticipants, openMessage, protect } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';

const eml = [
  'From: Alice <alice@contoso.com>',
  'To: Bob <bob@contoso.com>',
  'Subject: Our offer',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Dear Bob, we offer 17 crates at 40 each.',
].join('\r\n');

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
try {
  // Whom a message is sent to decides who may open it. The stub is what everybody else sees; left out, it is ours.
  const { recipients } = await messageParticipants(Buffer.from(eml));
  const content = await protect(Buffer.from(eml), {
    service: authority.as('alice@contoso.com'),
    policy: doNotForward(recipients),
    name: 'offer.eml',
    settings: { mail: { stub: { plain: 'This message is protected by Contoso.' } } },
  });
  const sent = Buffer.from(await content.bytes());
  assert(!sent.includes('crates'));
  console.log(`Alice protected offer.eml for ${recipients.join(', ')}. Everybody else reads:`);
  console.log(`  ${/^Subject: .*$/m.exec(sent)[0]}\n  ${/^This message .*$/m.exec(sent)[0]}`);

  const message = await openMessage(sent, { service: authority.as('bob@contoso.com') });
  console.log(`Bob reads: ${await message.text()}`);
  const { mayReply, mayForward, mayCopy, mayPrint } = message;
  console.log('He may:', { mayReply, mayForward, mayCopy, mayPrint });

  const reply = await message.reply({ from: 'bob@contoso.com', text: 'Agreed.' });
  const answer = Buffer.from(await reply.bytes()).toString();
  console.log(`He answers with ${/^Subject: .*$/m.exec(answer)[0]}, without a word of the original.`);
  assert(answer.includes('Agreed.') && !answer.includes('crates'));

  const draft = { from: 'bob@contoso.com', to: ['eve@fabrikam.com'], text: 'Look at this.' };
  const refused = await message.forward(draft).catch((error) => error);
  assert.equal(refused.code, 'ACCESS_DENIED');
  console.log(`He may not forward it: ${refused.message}`);
  message.close();

  const eve = await openMessage(sent, { service: authority.as('eve@fabrikam.com') }).catch((error) => error);
  assert.equal(eve.code, 'ACCESS_DENIED');
  console.log(`Eve, who got hold of it, was refused: ${eve.message}`);
} finally {
  await authority.close();
  await rm(folder, { recursive: true });
}
