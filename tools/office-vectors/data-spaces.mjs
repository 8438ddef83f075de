// The streams of spec/office.md, "Data spaces", written field by field.

const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const pad = (bytes) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
const wide = (text) => {
  const bytes = Buffer.from(text, 'utf16le');
  return Buffer.concat([u32(bytes.length), pad(bytes)]);
};
const narrow = (bytes) => Buffer.concat([u32(bytes.length), pad(bytes)]);
const counted = (items) => Buffer.concat([u32(8), u32(items.length), ...items]);
const versions = ([major, minor]) => {
  const bytes = Buffer.from('010000000100000001000000', 'hex');
  bytes.writeUInt16LE(major, 0);
  bytes.writeUInt16LE(minor, 2);
  return bytes;
};

export const versionStream = (reader = [1, 0]) =>
  Buffer.concat([wide('Microsoft.Container.DataSpaces'), versions(reader)]);

/** @param entries pairs of the name of a root stream and that of its data space */
export const mapStream = (entries) =>
  counted(
    entries.map(([content, dataSpace]) => {
      const body = Buffer.concat([u32(1), u32(0), wide(content), wide(dataSpace)]);
      return Buffer.concat([u32(body.length + 4), body]);
    }),
  );

export const definitionStream = (transforms) => counted(transforms.map(wide));

export const rightsManagement = '{C73DFACD-061F-43B0-8B64-0C620D2A8B50}';

export function primaryStream(
  license,
  { id = rightsManagement, reader = [1, 0], trailing = 0, claimed } = {},
) {
  const head = Buffer.concat([u32(1), wide(id)]);
  return Buffer.concat([
    u32(head.length + 4),
    head,
    wide('Microsoft.Metadata.DRMTransform'),
    versions(reader),
    u32(4),
    claimed === undefined ? narrow(license) : u32(claimed),
    Buffer.alloc(trailing),
  ]);
}

export function useLicenseStream(userId, chain) {
  const user = narrow(Buffer.from(Buffer.from(userId, 'utf16le').toString('base64')));
  return Buffer.concat([u32(user.length + 4), user, narrow(chain)]);
}

/** spec/office.md, "Binding". */
export const binding = (contentStream, license) =>
  Buffer.concat(
    [Buffer.from('Sealwright Office container 1'), Buffer.from(contentStream), license].flatMap((part) => [
      u32(part.length),
      part,
    ]),
  );
