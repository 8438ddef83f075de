import {
  AsnIntegerArrayBufferConverter,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
  OctetString,
} from '@peculiar/asn1-schema';

/** AlgorithmIdentifier, RFC 5280 4.1.1.2. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class AlgorithmIdentifier {
  @AsnProp({ type: AsnPropTypes.ObjectIdentifier })
  algorithm = '';
  @AsnProp({ type: AsnPropTypes.Any, optional: true })
  parameters?: ArrayBuffer | null;
}

/** SubjectPublicKeyInfo, RFC 5280 4.1. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class SubjectPublicKeyInfo {
  @AsnProp({ type: AlgorithmIdentifier })
  algorithm = new AlgorithmIdentifier();
  @AsnProp({ type: AsnPropTypes.BitString })
  subjectPublicKey = new ArrayBuffer(0);
}

/** RSAPublicKey, RFC 8017 A.1.1. The integers are kept as their DER bytes, sign octet included. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class RsaPublicKeySequence {
  @AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter })
  modulus = new ArrayBuffer(0);
  @AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter })
  publicExponent = new ArrayBuffer(0);
}

/** PrivateKeyInfo, RFC 5208 5; attributes are not kept. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class PrivateKeyInfo {
  @AsnProp({ type: AsnPropTypes.Integer })
  version = 0;
  @AsnProp({ type: AlgorithmIdentifier })
  privateKeyAlgorithm = new AlgorithmIdentifier();
  @AsnProp({ type: OctetString })
  privateKey = new OctetString();
}

/** EncryptedPrivateKeyInfo, RFC 5208 6. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class EncryptedPrivateKeyInfo {
  @AsnProp({ type: AlgorithmIdentifier })
  encryptionAlgorithm = new AlgorithmIdentifier();
  @AsnProp({ type: OctetString })
  encryptedData = new OctetString();
}

/** PBKDF2-params with a given salt, RFC 8018 A.2. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class Pbkdf2Parameters {
  @AsnProp({ type: OctetString })
  salt = new OctetString();
  @AsnProp({ type: AsnPropTypes.Integer })
  iterationCount = 0;
  @AsnProp({ type: AsnPropTypes.Integer, optional: true })
  keyLength?: number;
  @AsnProp({ type: AlgorithmIdentifier, optional: true })
  prf?: AlgorithmIdentifier;
}

/** PBES2-params, RFC 8018 A.4. */
@AsnType({ type: AsnTypeTypes.Sequence })
export class Pbes2Parameters {
  @AsnProp({ type: AlgorithmIdentifier })
  keyDerivationFunc = new AlgorithmIdentifier();
  @AsnProp({ type: AlgorithmIdentifier })
  encryptionScheme = new AlgorithmIdentifier();
}
