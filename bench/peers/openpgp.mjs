// OpenPGP.js with an elliptic-curve key. Detects changes, at the end (CFB with MDC) or chunk by chunk (GCM).
import * as openpgp from 'openpgp';
import { webReadable, webWritable } from './file-streams.mjs';

const makeKeys = async (config) => {
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'curve25519',
    userIDs: [{ name: 'Bench', email: 'bench@example.com' }],
    format: 'armored',
    config,
  });
  return { privateKey, publicKey };
};

const encryptWith =
  (config) =>
  async (from, to, { publicKey }) => {
    const message = await openpgp.createMessage({ binary: webReadable(from) });
    const encrypted = await openpgp.encrypt({
      message,
      encryptionKeys: await openpgp.readKey({ armoredKey: publicKey }),
      format: 'binary',
      config,
    });
    await encrypted.pipeTo(webWritable(to));
  };

const decryptWith =
  (config) =>
  async (from, to, { privateKey }) => {
    const message = await openpgp.readMessage({ binaryMessage: webReadable(from), config });
    const { data } = await openpgp.decrypt({
      message,
      decryptionKeys: await openpgp.readPrivateKey({ armoredKey: privateKey }),
      format: 'binary',
      config,
    });
    await data.pipeTo(webWritable(to));
  };

/** What is compatible with everybody: without this setting it would hold the whole message until its end is verified. */
export const cfb = {
  makeKeys: () => makeKeys({}),
  encrypt: encryptWith({}),
  decrypt: decryptWith({ allowUnauthenticatedStream: true }),
};

/** The key has to say that its owner reads it. */
const gcmConfig = { aeadProtect: true, preferredAEADAlgorithm: openpgp.enums.aead.gcm };
export const gcm = {
  makeKeys: () => makeKeys(gcmConfig),
  encrypt: encryptWith(gcmConfig),
  decrypt: decryptWith(gcmConfig),
};
