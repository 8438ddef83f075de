import { memorySource } from '../../../src/bytes/index.ts';
import { readPfile } from '../../../src/container/pfile/read.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { readPfileLabels } from '../../../src/label/index.ts';
import {
  openPublishingLicense,
  readPublishingLicense,
  readTemplateDocument,
} from '../../../src/license/index.ts';
import { readRightsData } from '../../../src/license/read-rights-data.ts';
import {
  decodeLicenseText,
  encodeLicenseText,
  microsoftTrustAnchors,
  readXrmlDocuments,
  readXrmlFacts,
  verifySignature,
  verifyXrmlChain,
} from '../../../src/xrml/index.ts';
import { fuzzCustodian } from '../fuzz-authority.ts';
import { corpusFile, filesIn, folders } from '../samples.ts';
import { type FuzzTarget, must } from '../target.ts';

const tokens = [
  '<',
  '>',
  '</',
  '/>',
  '"',
  "'",
  '&',
  '&amp;',
  '&#x0;',
  '&#xD800;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?xml ?>',
]
  .concat([
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    ' a="b"',
    '<XrML>',
    '</XrML>',
    '<BODY type="LICENSE">',
    '</BODY>',
  ])
  .concat([
    '<SIGNATURE>',
    '<VALUE encoding="base64" size="2048">',
    '<RANGETIME>',
    'encoding="string"',
    '\n',
    '\t \r\n',
  ]);

/** License texts: documents, facts, signatures, chains, and all that is read from them with and without a key. */
export async function xrmlTarget(): Promise<FuzzTarget> {
  const custodian = await fuzzCustodian();
  const pfiles = await Promise.all(
    ['gcm64k.ptxt', 'cbc4k.ptxt', 'template.pfile'].map((name) => readPfile(memorySource(corpusFile(name)))),
  );
  const own = pfiles.map(({ publishingLicense }) => publishingLicense.slice());
  const utf16 = encodeLicenseText(decodeLicenseText(own[0] as Uint8Array).text, { encoding: 'utf-16le' });
  return {
    habits: {
      tokens,
      nests: [
        ['<A>', '</A>'],
        ['<A b="', '"/>'],
        ['&amp;', ''],
        [' ', ''],
      ],
    },
    samples: [
      ...own,
      utf16,
      corpusFile('offline-license.xml'),
      corpusFile('template.xml'),
      pfiles[0]?.metadata.slice() ?? new Uint8Array(1),
      ...folders.realLicenses.flatMap((folder) => filesIn(folder, /\.(?:xml|man|bin)$/)),
    ],
    async check(input) {
      readPfileLabels(input);
      const outcomes = [
        await outcome(async () => {
          const decoded = decodeLicenseText(input);
          const encoded = encodeLicenseText(decoded.text, decoded);
          must(
            Buffer.compare(encoded, input.subarray(0, encoded.length)) === 0,
            'the text does not come back',
          );
          must(
            input.subarray(encoded.length).every((byte) => byte === 0),
            'more than NULs was dropped at the end',
          );
        }),
        await outcome(async () => {
          const documents = readXrmlDocuments(input);
          for (const document of documents) {
            readXrmlFacts(document);
            verifySignature(document);
          }
          for (let leaf = 0; leaf < Math.min(2, documents.length); leaf++)
            verifyXrmlChain(documents, { trustAnchors: microsoftTrustAnchors, leaf });
        }),
        await outcome(async () => {
          for (const document of readXrmlDocuments(input).slice(0, 1)) readTemplateDocument(document);
        }),
        await outcome(async () => {
          const license = readPublishingLicense(input);
          const { contentKey, rights } = await openPublishingLicense(license, custodian);
          must(contentKey.length > 0 && rights.kind !== undefined, 'an opened license has a key and rights');
        }),
        await outcome(async () => {
          readRightsData(input);
        }),
      ];
      return `documents ${outcomes[1]}, key ${outcomes[3]}`;
    },
  };
}

/** The code of an error of the family; others are for the caller to find. */
async function outcome(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return 'read';
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    must(error.message.length < 4000, `the message of ${error.code} is endless`);
    return error.code;
  }
}
