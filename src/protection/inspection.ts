/** One certificate or license of a chain, with what was found out about it. */
export interface InspectedCertificate {
  /** `Publishing-License`, or the type its descriptor states (`Client-Licensor-Certificate`, …). */
  readonly type: string;
  readonly issuer: string | null;
  readonly issuerType: string | null;
  readonly principal: string | null;
  readonly issuedAt: string | null;
  /** Bits of the issuer's key. */
  readonly keyBits: number | null;
  readonly digestAlgorithm: string | null;
  /** Whether the stated digest is that of the signed text. */
  readonly digestValid: boolean;
  /** Whether the signature over the stated digest is by the stated issuer key. */
  readonly signatureValid: boolean;
}

/** A sensitivity label found beside the content. */
export interface InspectedLabel {
  readonly id: string;
  readonly name: string | null;
  readonly siteId: string | null;
  readonly enabled: boolean | null;
  /** A mark that this tenant's label was taken off. */
  readonly removed: boolean;
  readonly method: string | null;
  readonly setDate: string | null;
  /** 1 header, 2 footer, 4 watermark, 8 encryption; their sum. */
  readonly contentBits: number | null;
}

/**
 * What a file tells without any key and without any network. Absent facts are null. Field names are
 * stable: scripts rely on them (spec/cli.md, "inspect").
 */
export interface Inspection {
  readonly protected: boolean;
  /** For a file that is not protected by us: what it is, where that is worth knowing (`office-password`, …). */
  readonly recognisedAs: string | null;
  readonly format: string | null;
  readonly formatVersion: string | null;
  readonly originalExtension: string | null;
  readonly originalSize: number | null;
  readonly contentOffset: number | null;
  readonly contentLength: number | null;
  /** The cipher mode, where the license states it in the clear; Microsoft's licenses seal it with the key. */
  readonly cipherMode: string | null;
  /** Bits of the content key, as the size of the sealed key gives away. */
  readonly contentKeyBits: number | null;
  readonly publishingLicenseSha256: string | null;
  readonly publishingLicenseLength: number | null;
  readonly contentId: string | null;
  readonly templateId: string | null;
  readonly descriptorId: string | null;
  readonly policyName: string | null;
  readonly owner: string | null;
  readonly issuer: string | null;
  readonly issuedAt: string | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly referrer: string | null;
  /** Where the license says a use license is to be had. Not to be contacted without a trust decision. */
  readonly licensingUrls: readonly string[];
  readonly certificates: readonly InspectedCertificate[];
  /** The known root or pinned key the chain ends in, if every link holds. */
  readonly trustAnchor: string | null;
  readonly labels: readonly InspectedLabel[];
}
