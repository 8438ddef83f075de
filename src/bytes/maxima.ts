/**
 * Every limit on what a file may claim, in one place. A claim beyond its maximum is refused with
 * `LIMIT_EXCEEDED` before anything is read or allocated for it.
 */
export const maxima = {
  /** Bytes of a publishing license; fifteen times the largest one seen in a real file. */
  licenseBytes: 1024 * 1024,
  /** Bytes of container metadata (a label packet is some 7 KB). */
  metadataBytes: 1024 * 1024,
  /** Bytes of the human-readable notice at the start of a PFILE. */
  noticeBytes: 64 * 1024,
  /** Bytes of the table of offsets in a PFILE; the largest one seen has 48. */
  headerTableBytes: 4096,
  /** Bytes of a stored file extension; one of more than 32 characters is kept but not used in a name. */
  extensionBytes: 512,
  /** Bytes of everything before the content of a container. */
  headBytes: 4 * 1024 * 1024,
  /** Bytes of a stream that are kept in memory where a format needs random access. */
  collectedBytes: 256 * 1024 * 1024,
  /** Storages and streams in a compound file. */
  compoundEntries: 1_000_000,
  /** Storages within storages. */
  compoundDepth: 64,
  /** Runs of neighbouring sectors that one stream is scattered over. */
  compoundRuns: 1_000_000,
  /** Bytes of content that an Office file is written around; its tables take a thousandth of it in memory. */
  officeContentBytes: 64 * 1024 ** 3,
  /** Bytes of one of the small streams that describe the protection of an Office file. */
  dataSpaceBytes: 64 * 1024,
  /** Bytes of a transform's `\\x06Primary` stream and of a cached use license: a license and a little. */
  transformBytes: 1024 * 1024 + 4096,
  /** Transforms, data spaces, and cached use licenses that are looked at. */
  dataSpaceEntries: 256,
  /** Bytes of a property-set stream, [MS-OLEPS] 2.21. */
  propertySetBytes: 2 * 1024 * 1024,
  /** Properties in one section of a property set. */
  properties: 20_000,
  /** Files in a ZIP package. */
  zipEntries: 200_000,
  /** Bytes of the directory of a ZIP package. */
  zipDirectoryBytes: 64 * 1024 * 1024,
  /** Bytes, unpacked, of a part of a package that states labels, properties, types or relations. */
  partBytes: 4 * 1024 * 1024,
  /** Bytes of an XMP packet in an image. */
  xmpBytes: 1024 * 1024,
  /** Segments, chunks, blocks or fields of an image that are passed over in search of its XMP packet. */
  imageBlocks: 1_000_000,
  /** Bytes at either end of a PDF that are searched to tell what it is. */
  recognitionBytes: 256 * 1024,
  /** Bytes of a PDF searched for its encryption dictionary, once it is known to be encrypted. */
  recognitionSearchBytes: 8 * 1024 * 1024,
  /** Bytes, unpacked, of one block of a `message.rpmsg`; writers make blocks of 4096. */
  rpmsgBlockBytes: 128 * 1024,
  /** Bytes, unpacked, of a `message.rpmsg`. */
  rpmsgBytes: 64 * 1024 ** 3,
  /** How many times its size a `message.rpmsg` may unpack to; blocks of 4096 zeros shrink to a 130th. */
  rpmsgRatio: 200,
  /** Bytes that a `message.rpmsg` may unpack to whatever its size. */
  rpmsgFreeBytes: 1024 * 1024,
  /** Bytes, unpacked, of a `message.rpmsg` whose blocks can only be unpacked all together. */
  rpmsgWholeBytes: 64 * 1024 * 1024,
  /** Bytes of the list of properties of an Outlook item, and of each list of their names. */
  mailPropertyListBytes: 1024 * 1024,
  /** Properties of an Outlook item, those of its recipients and attachments included; each takes some 300 bytes. */
  mailProperties: 500_000,
  /** Bytes of the name of a property; Outlook allows half a kilobyte. */
  mailPropertyNameBytes: 1024,
  /** Recipients of an Outlook item, and its attachments. */
  mailParts: 16_384,
  /** Bytes of a text that stands in a property of its own: a subject, all header fields. */
  mailTextBytes: 4 * 1024 * 1024,
  /** Bytes of a body that has to be turned into another form, as it is and as it becomes. */
  mailBodyBytes: 32 * 1024 * 1024,
  /** Messages within messages. */
  mailDepth: 10,
  /** Bytes that are kept beside a message for it to be written again as it was. */
  mailOriginalBytes: 16 * 1024 * 1024,
  /** The largest object number of a PDF; ISO 32000 names 8,388,607 as the limit of old readers. */
  pdfObjects: 8_388_607,
  /** Objects of a PDF that are in use; the list of them takes some 100 bytes each. */
  pdfLiveObjects: 2_000_000,
  /** Cross-reference sections of a PDF: one more with each change that was appended. */
  pdfSections: 4096,
  /** Entries in all cross-reference sections of a PDF. */
  pdfCrossReferences: 16_000_000,
  /** Bytes of one object of a PDF, the data of a stream not counted. */
  pdfObjectBytes: 32 * 1024 * 1024,
  /** Values in one object of a PDF. */
  pdfValues: 1_000_000,
  /** Arrays and dictionaries of a PDF within others. */
  pdfDepth: 256,
  /** References of a PDF that lead to references. */
  pdfReferenceDepth: 32,
  /** Bytes, unpacked, of a cross-reference stream or an object stream of a PDF; of the latter so many are kept. */
  pdfStructureBytes: 32 * 1024 * 1024,
  /** Files that a PDF has embedded, and nodes of their list, that are looked at for a protected document. */
  pdfEmbeddedFiles: 1000,
  /** Bytes of a PDF whose pages become the cover page of protected ones, as given and as copied. */
  pdfCoverBytes: 16 * 1024 * 1024,
  /** Objects of such a PDF. */
  pdfCoverObjects: 20_000,
  /** Filters of a stream of a PDF, one on the other. */
  pdfFilters: 8,
  /** Nested elements in a license. */
  xmlDepth: 32,
  /** Elements in one license document. */
  xmlElements: 20_000,
  /** Attributes on one element. */
  xmlAttributes: 16,
  /** XrML documents glued together in one license. */
  chainLength: 32,
  /** Bits of an RSA modulus. */
  rsaModulusBits: 4096,
  /** Bytes of a DER-encoded key. */
  derBytes: 64 * 1024,
  /** Bytes of a service's answer, unpacked; the licenses it may hold are far below. */
  answerBytes: 8 * 1024 * 1024,
  /** Bytes read of an answer that is no success; it holds a sentence or two. */
  refusalBytes: 64 * 1024,
  /** Nested arrays and objects in a service's answer. */
  jsonDepth: 64,
  /** Characters of a challenge header, claims included. */
  challengeCharacters: 16 * 1024,
  /** Characters of an access token. */
  tokenCharacters: 64 * 1024,
} as const;
