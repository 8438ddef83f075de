// AWS Encryption SDK for JavaScript with a raw AES keyring: AES-256-GCM in frames. Detects changes.
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { readable, writable } from './file-streams.mjs';

const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

export const makeKeys = () => ({ key: randomBytes(32).toString('hex') });

const keyring = ({ key }) =>
  new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'sealwright',
    unencryptedMasterKey: Uint8Array.from(Buffer.from(key, 'hex')),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });

/** As it comes: signed with ECDSA, frames of 4 KiB. */
export const withDefaults = {
  makeKeys,
  encrypt: (from, to, keys) => pipeline(readable(from), client.encryptStream(keyring(keys)), writable(to)),
  decrypt: (from, to, keys) => pipeline(readable(from), client.decryptStream(keyring(keys)), writable(to)),
};

/** As fast as its options make it: no signature, frames of 64 KiB. */
export const unsigned = {
  makeKeys,
  encrypt: (from, to, keys) =>
    pipeline(
      readable(from),
      client.encryptStream(keyring(keys), {
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
        frameLength: 65536,
      }),
      writable(to),
    ),
  decrypt: (from, to, keys) =>
    pipeline(readable(from), client.decryptUnsignedMessageStream(keyring(keys)), writable(to)),
};
