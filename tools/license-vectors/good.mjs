import { keySha256, publicPem, seededRandom } from './parties.mjs';

const contentId = 'c0ffee00-1234-4567-89ab-0123456789ab';
const templateId = '7e3b1a7e-1234-4567-89ab-0123456789ab';
const licenseId = '1d1d1d1d-1234-4567-89ab-0123456789ab';
const certificateId = (n) => `ce47ce47-0000-4000-8000-00000000000${n}`;
const issuedAt = '2031-02-03T04:05:00.000Z';
const terms = (n) => ({
  id: certificateId(n),
  issuedAt: new Date('2031-01-01T00:00:00Z'),
  validFrom: new Date('2031-01-01T00:00:00Z'),
  validUntil: new Date('2255-01-01T00:00:00Z'),
});

export const policyInput = {
  grants: [
    { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT', 'ACME.STAMP'] },
    { to: 'fabrikam.com', rights: ['VIEW'] },
    { to: 'AuthenticatedUsers', rights: ['VIEW', 'VIEWRIGHTSDATA'] },
    { to: 'IPC_USER_ID_OWNER', rights: ['OWNER'] },
  ],
  validFrom: '2031-02-04T00:00:00.000Z',
  validUntil: '2031-12-31T23:59:00.000Z',
  offlineDays: 7,
  referrer: 'help@contoso.com',
  names: [
    { lcid: 1033, name: 'Zephyr only', description: 'For the project' },
    { lcid: 1031, name: 'Nur Zephyr', description: 'Für das Projekt' },
  ],
  encryptedApplicationData: { project: 'quiet & <secret>' },
};

const templateInput = {
  id: templateId,
  names: [{ lcid: 1033, name: 'Staff', description: 'Everyone at Contoso' }],
  grants: [{ to: 'contoso.com', rights: ['VIEW', 'EDIT'] }],
  expiration: { kind: 'after', days: 30 },
  offlineDays: 0,
  referrer: 'help@contoso.com',
  state: 'published',
  scope: ['contoso.com'],
};

const dated = ({ validFrom, validUntil, ...rest }) => ({
  ...rest,
  validFrom: new Date(validFrom),
  validUntil: new Date(validUntil),
});

/** What the vectors are made of, also for those that are then made hostile. */
export async function goodDocuments(library, { keys, server, issuer, client, account }) {
  const random = seededRandom('licenses');
  const contentKey = random(32);
  const policy = library.definePolicy(dated(policyInput));
  const template = library.defineTemplate(templateInput, new Date('2031-01-15T10:20:00Z'));
  const templateDocument = await library.issueTemplateDocument(issuer, template);
  const input = {
    issuedAt: new Date(issuedAt),
    contentId,
    owner: 'alice@contoso.com',
    rights: { policy },
    contentKey,
    cipherMode: 'SEALWRIGHT.GCM64K',
    signedApplicationData: { department: 'R&D' },
    server,
    signer: { kind: 'server', custodian: keys.server.custodian },
    randomBytes: random,
  };
  const serverCertificate = await library.issueServerLicensorCertificate(issuer, server, terms(1));
  const clientCertificate = (certificateTerms) =>
    library.issueClientLicensorCertificate(issuer, client, certificateTerms, {
      account,
      privateKey: keys.client.pkcs8,
      randomBytes: random,
    });
  const offlineSigner = async (certificateTerms = terms(2)) => ({
    kind: 'client',
    custodian: keys.client.custodian,
    account: client,
    certificates: [await clientCertificate(certificateTerms), serverCertificate],
  });
  const useLicense = await library.issueUseLicense(
    issuer,
    account,
    {
      id: licenseId,
      issuedAt: new Date(issuedAt),
      contentId,
      owner: 'alice@contoso.com',
      rights: ['VIEW', 'PRINT'],
      contentKey,
      cipherMode: 'SEALWRIGHT.GCM64K',
      validUntil: new Date('2031-02-10T04:05:00Z'),
      onlineOnly: false,
      referrer: 'help@contoso.com',
    },
    random,
  );
  return {
    contentKey,
    input,
    template,
    templateRights: {
      template: {
        templateId,
        updatedAt: template.updatedAt,
        names: template.names,
        document: templateDocument,
        referrer: template.referrer,
        validUntil: new Date('2031-03-05T04:05:00Z'),
      },
    },
    templateDocument,
    serverCertificate,
    offlineSigner,
    clientCertificate: await clientCertificate(terms(2)),
    accountCertificate: await library.issueAccountCertificate(issuer, account, terms(3)),
    useLicense,
    random,
  };
}

/** Every license that is as it should be, with what must come out of it. */
export async function goodVectors(library, parties, good) {
  const { keys } = parties;
  const issue = (changes) => library.issuePublishingLicense({ ...good.input, ...changes });
  const contentKeyHex = Buffer.from(good.contentKey).toString('hex');
  const stated = {
    contentId: `{${contentId}}`,
    owner: 'alice@contoso.com',
    issuer: 'Vectors & Sons',
    templateId: null,
    issuedAt,
    validFrom: policyInput.validFrom,
    validUntil: policyInput.validUntil,
    referrer: 'help@contoso.com',
    cipherMode: 'SEALWRIGHT.GCM64K',
    signedApplicationData: { department: 'R&D' },
    documents: 1,
    trustAnchor: keySha256(parties.server),
  };
  const sealed = { openWith: 'test-only-server', contentKeyHex, cipherMode: 'SEALWRIGHT.GCM64K' };
  const withPolicy = { ...sealed, rights: { kind: 'policy', contentId, policy: policyInput } };
  const vector = (name, kind, why, bytes, expect) => ({ name, kind, why, bytes, expect });
  const certificate = (name, type, principal, text) =>
    vector(name, 'certificate', `a ${type}`, text, {
      type,
      issuer: 'Vectors & Sons',
      principal,
      keyBits: 2048,
      trustAnchor: keySha256(parties.server),
    });
  return [
    vector('online-policy', 'publishing-license', 'signed by the server, a policy inside', await issue({}), {
      stated,
      ...withPolicy,
    }),
    vector(
      'online-template',
      'publishing-license',
      'signed by the server, a template inside word for word',
      await issue({ rights: good.templateRights }),
      {
        stated: {
          ...stated,
          templateId,
          validFrom: issuedAt,
          validUntil: '2031-03-05T04:05:00.000Z',
        },
        ...sealed,
        rights: { kind: 'template', templateId },
      },
    ),
    vector(
      'offline-policy',
      'publishing-license',
      'signed by a client, its certificate and the server behind it',
      await issue({ signer: await good.offlineSigner() }),
      { stated: { ...stated, issuer: 'alice@contoso.com', documents: 3 }, ...withPolicy },
    ),
    vector(
      'online-only-me-cbc4k',
      'publishing-license',
      'no grants, no names, no end, a key of 128 bits for MICROSOFT.CBC4K',
      await issue({
        rights: { policy: library.definePolicy({ grants: [] }) },
        contentKey: good.contentKey.slice(0, 16),
        cipherMode: 'MICROSOFT.CBC4K',
        signedApplicationData: {},
      }),
      {
        stated: {
          ...stated,
          validFrom: null,
          validUntil: null,
          referrer: null,
          cipherMode: 'MICROSOFT.CBC4K',
          signedApplicationData: {},
        },
        openWith: 'test-only-server',
        contentKeyHex: contentKeyHex.slice(0, 32),
        cipherMode: 'MICROSOFT.CBC4K',
        rights: {
          kind: 'policy',
          contentId,
          policy: { grants: [], offlineDays: -1, names: [], encryptedApplicationData: {} },
        },
      },
    ),
    vector('template', 'template', 'an official rights template', good.templateDocument, {
      ...templateInput,
      updatedAt: '2031-01-15T10:20:00.000Z',
    }),
    vector('use-license', 'use-license', 'sealed to an account once for each right', good.useLicense, {
      openWith: 'test-only-account',
      contentId,
      contentKeyHex,
      cipherMode: 'SEALWRIGHT.GCM64K',
      rights: ['VIEW', 'PRINT'],
      validUntil: '2031-02-10T04:05:00.000Z',
      onlineOnly: false,
      trustAnchor: keySha256(parties.server),
    }),
    certificate(
      'server-licensor-certificate',
      'Server-Licensor-Certificate',
      'Vectors & Sons',
      good.serverCertificate,
    ),
    certificate(
      'client-licensor-certificate',
      'Client-Licensor-Certificate',
      'alice@contoso.com',
      good.clientCertificate,
    ),
    certificate(
      'account-certificate',
      'Group-Identity-Credential',
      'bob@contoso.com',
      good.accountCertificate,
    ),
    vector('server-public-key', 'public-key', 'SubjectPublicKeyInfo in PEM', publicPem(keys.server.pem), {
      keySha256: keySha256(parties.server),
    }),
  ];
}
