/** A key that is believed without anyone vouching for it: a root authority, or one organization's server. */
export interface TrustAnchor {
  /** What to call it in a result. */
  readonly name: string;
  /** SHA-256 of the modulus bytes as licenses store them (least significant byte first), hexadecimal. */
  readonly modulusSha256: string;
}

/**
 * The roots of Microsoft's two hierarchies (spec/xrml.md, "Trust"). A chain to one of them says that some AD RMS
 * installation issued the license, not which: every AD RMS server enrolls itself under the first.
 * To trust one organization, pin the key of its server.
 */
export const microsoftTrustAnchors: readonly TrustAnchor[] = Object.freeze([
  Object.freeze({
    name: 'Microsoft DRM Production Root',
    modulusSha256: '7c48b30c8bef32eefa35b7b87b6d083509690f7ae94d5d2e87329f708260ef8d',
  }),
  Object.freeze({
    name: 'Microsoft DRM ISV Root',
    modulusSha256: '7a74d96ceade6143a0366ba406f1fd1ec168352fd55ef6a559d62823f58b699f',
  }),
]);
