// age-encryption (typage): ChaCha20-Poly1305 in segments of 64 KiB, file key wrapped by X25519. Detects changes.
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { webReadable, webWritable } from './file-streams.mjs';

export async function makeKeys() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

export async function encrypt(from, to, { recipient }) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  await (await encrypter.encrypt(webReadable(from))).pipeTo(webWritable(to));
}

export async function decrypt(from, to, { identity }) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  await (await decrypter.decrypt(webReadable(from))).pipeTo(webWritable(to));
}
