import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { describe, expect, jest, test } from '@jest/globals';
import { crc32c, EventFile } from './event-file.ts';

describe('crc32c', () => {
  test('gives the published check value of "123456789"', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  test('gives the value of 32 zero bytes in RFC 3720, B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });
});

describe('EventFile', () => {
  test('frames every event with its length and two masked checksums, and ends where the file ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'events-'));
    const events = await EventFile.create(folder);
    await events.scalars(7, { 'loss/mask': 0.5, learningRate: 0.003 });
    await events.scalars(300, { 'loss/mask': 0.25 });
    await events.close();
    const [name] = await readdir(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.\d+\./);
    const bytes = await readFile(join(folder, name));
    const unmask = (masked: number): number => {
      const rotated = (masked - 0xa282ead8) >>> 0;
      return ((rotated >>> 17) | (rotated << 15)) >>> 0;
    };
    const records: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = Number(bytes.readBigUInt64LE(at));
      expect(unmask(bytes.readUInt32LE(at + 8))).toBe(crc32c(bytes.subarray(at, at + 8)));
      const data = bytes.subarray(at + 12, at + 12 + length);
      expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
      records.push(data);
      at += 16 + length;
    }
    expect(records).toHaveLength(3);
    // Field 3 (file version) of the first event; field 2 (step) 7 and 300 = varint ac 02 of the others.
    expect(records[0].includes('brain.Event:2')).toBe(true);
    expect([...records[1].subarray(9, 11)]).toEqual([0x10, 7]);
    expect([...records[2].subarray(9, 12)]).toEqual([0x10, 0xac, 0x02]);
    const tag = records[1].indexOf('loss/mask') + 'loss/mask'.length;
    expect(records[1][tag]).toBe(0x15); // field 2 of Summary.Value, a float
    expect(records[1].readFloatLE(tag + 1)).toBe(0.5);
    await rm(folder, { recursive: true });
  });

  // A file that takes nothing, as on a full disk.
  (platform === 'linux' ? test : test.skip)('a full disk names the file (skipped: no /dev/full)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'events-'));
    const clock = jest.spyOn(Date, 'now').mockReturnValue(7000);
    const file = join(folder, `events.out.tfevents.7.pffnet.${process.pid}`);
    await symlink('/dev/full', file);
    await expect(EventFile.create(folder)).rejects.toMatchObject({
      name: 'WriteError',
      message: `cannot write ${file}: the disk is full; what was saved before is unchanged; free some space and run again`,
    });
    clock.mockRestore();
    await rm(folder, { recursive: true });
  });
});
