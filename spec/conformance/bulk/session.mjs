// One session of a bulk run, in a process of its own that may be killed; prints the report.
const { operation, tree, out, journal, authority: folder, threads } = JSON.parse(process.argv[2]);
const dist = new URL('../../../dist/', import.meta.url);
const { openAuthority } = await import(new URL('authority/folder/index.js', dist));
const { protectFiles, removeProtectionFromFiles } = await import(new URL('node/index.js', dist));

const authority = await openAuthority(folder);
let working = false;
const shared = {
  service: authority.as('alice@contoso.com'),
  journal,
  threads,
  onFile() {
    // Whoever means to kill this wants to know when it has begun.
    if (!working) process.send('working');
    working = true;
  },
  ...(out === undefined ? { inPlace: true } : { out }),
};
const report =
  operation === 'protect'
    ? await protectFiles(tree, { ...shared, policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } })
    : await removeProtectionFromFiles(tree, shared);
await authority.close();
process.stdout.write(JSON.stringify(report));
process.disconnect();
