import { describe, expect, it } from 'vitest';
import { allocateFile, allocateSectors, sectorNumber } from './allocate.ts';
import { newAllocationTable } from './allocate-table.ts';

const mebi = 1024 * 1024;

describe('the sectors of a new compound file', () => {
  it('need a DIFAT from 6.875 MB upwards in version 3', () => {
    const most = 109 * 128 - 109;
    expect(allocateSectors(3, most)).toMatchObject({ fatSectors: 109, difatSectors: 0, sectors: 109 * 128 });
    expect(allocateSectors(3, most + 1)).toMatchObject({ fatSectors: 110, difatSectors: 1 });
  });

  it('are as many as their tables have entries for, and no table has a sector too many', () => {
    for (const version of [3, 4] as const)
      for (let content = 1; content < 400_000; content = Math.ceil(content * 1.01) + 1) {
        const allocation = allocateSectors(version, content);
        if (allocation === undefined) throw new Error('too large');
        const { fatSectors, difatSectors, sectors, sectorSize } = allocation;
        expect(sectors).toBe(content + fatSectors + difatSectors);
        expect(fatSectors).toBe(Math.ceil(sectors / (sectorSize / 4)));
        expect(difatSectors).toBe(Math.ceil(Math.max(0, fatSectors - 109) / (sectorSize / 4 - 1)));
      }
  });

  it('stay below 2 GB in version 3, and leave the bytes for range locks alone', () => {
    let content = 4_100_000;
    while (allocateSectors(3, content + 1) !== undefined) content++;
    const most = allocateSectors(3, content);
    expect(((most?.sectors ?? 0) + 1) * 512).toBe(0x7fff_fe00);
    expect(allocateFile((version) => (version === 3 ? content + 1 : 5), undefined).version).toBe(4);
    expect(() => allocateFile(() => content + 1, 3)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('step over the one for range locks in version 4, and only where the file reaches it', () => {
    let content = 520_000;
    while (allocateSectors(4, content + 1)?.rangeLock === undefined) content++;
    expect(allocateSectors(4, content)).toMatchObject({ sectors: 0x7_fffe, rangeLock: undefined });
    const larger = allocateSectors(4, content + 1);
    if (larger === undefined) throw new Error('too large');
    expect(larger).toMatchObject({ sectors: 0x8_0000, rangeLock: 0x7_fffe });
    expect(sectorNumber(larger, 0x7_fffd)).toBe(0x7_fffd);
    expect(sectorNumber(larger, 0x7_fffe)).toBe(0x7_ffff);
  });

  it('are fewer than fit into 16 TB, and more are refused without being counted one by one', () => {
    expect(allocateFile(() => 15.9 * 256 * mebi, 4).rangeLock).toBe(0x7_fffe);
    for (const content of [16 * 256 * mebi, Number.MAX_SAFE_INTEGER])
      expect(() => allocateFile(() => content, undefined)).toThrow(
        expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
      );
  });

  it('have no other version than 3 and 4', () => {
    expect(() => allocateFile(() => 1, 5 as 4)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('the table of sectors', () => {
  it('is the same whichever part of it is read, and takes no memory for files of terabytes', () => {
    const content = 12 * 256 * mebi;
    const allocation = allocateFile(() => content, 4);
    const table = newAllocationTable(allocation, [
      { count: allocation.difatSectors, mark: 0xffff_fffc },
      { count: allocation.fatSectors, mark: 0xffff_fffd },
      { count: content - 10 },
      { count: 0 },
      { count: 10 },
    ]);
    const at = (entry: number): number => {
      const bytes = table.read(entry * 4, 4) as Uint8Array;
      return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    };
    const { sectors, difatSectors, fatSectors } = allocation;
    expect(at(0)).toBe(0xffff_fffc);
    expect(at(difatSectors)).toBe(0xffff_fffd);
    // This FAT is so large that the sector for range locks lies within it.
    expect(difatSectors + fatSectors).toBeGreaterThan(0x7_fffe);
    expect([at(0x7_fffd), at(0x7_fffe), at(0x7_ffff)]).toEqual([0xffff_fffd, 0xffff_fffe, 0xffff_fffd]);
    expect(at(difatSectors + fatSectors + 1)).toBe(difatSectors + fatSectors + 2);
    expect([at(sectors - 11), at(sectors - 10)]).toEqual([0xffff_fffe, sectors - 9]);
    expect([at(sectors - 1), at(sectors)]).toEqual([0xffff_fffe, 0xffff_ffff]);
    const whole = (table.read(4 * 0x7_fff0, 100) as Uint8Array).slice();
    for (let offset = 0; offset < 100; offset++)
      for (const length of [1, 3, 7])
        expect(table.read(4 * 0x7_fff0 + offset, length)).toEqual(
          (table.read(4 * 0x7_fff0, 200) as Uint8Array).subarray(offset, offset + length),
        );
    expect(whole).toHaveLength(100);
    expect(table.read(table.size as number, 10)).toHaveLength(0);
  });
});
