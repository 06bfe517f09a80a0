import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import fc from 'fast-check';

/** Damaged files that each reader meets in a test; `PFFNET_FUZZ_RUNS` asks for more. */
export const fuzzRuns = Number(process.env['PFFNET_FUZZ_RUNS'] ?? 2000);
/** For tests that damage many files. */
export const fuzzTimeout = 3_600_000;
/** Bytes that reading small damaged files may take. */
const room = 2 ** 30;

/**
 * Reads a file, whole and with wounds. All that may happen is a result or one line that names the file, and memory stays
 * bounded.
 * @param named - what messages name, the file by default: what lies beside it may be found wanting.
 */
export async function survivesDamage(
  file: string,
  whole: Uint8Array,
  read: (file: string) => Promise<unknown>,
  { numRuns = fuzzRuns, named = file }: { numRuns?: number; named?: string } = {},
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, whole);
  await read(file);
  const before = process.memoryUsage.rss();
  let most = before;
  const isSurvived = async (bytes: Uint8Array): Promise<void> => {
    writeFileSync(file, bytes);
    try {
      await read(file);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toContain(named);
      expect((error as Error).message).not.toContain('\n');
    }
    most = Math.max(most, process.memoryUsage.rss());
  };
  await fc.assert(fc.asyncProperty(damaged(whole), isSurvived), { numRuns });
  expect(most - before).toBeLessThan(room);
}

/**
 * A file with one to six wounds: bits turned, bytes overwritten (by those that numbers tend to break at), pieces
 * removed, doubled or moved, the end cut off. Half of the wounds are in the first 200 bytes, where headers are.
 */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.oneof(
    fc.nat({ max: Math.max(0, Math.min(bytes.length, 200) - 1) }),
    fc.nat({ max: Math.max(0, bytes.length - 1) }),
  );
  const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: bytes.length }));
  const wound = fc.oneof(
    fc.record({ kind: fc.constant('turn' as const), at: place, bit: fc.nat({ max: 7 }) }),
    fc.record({
      kind: fc.constant('overwrite' as const),
      at: place,
      by: fc.oneof(
        fc.constantFrom([0], [255], [0x7f, 255, 255, 255], [255, 255, 255, 255], [0, 0, 0, 128], [0, 0, 0, 0]),
        fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 8 }),
      ),
    }),
    fc.record({ kind: fc.constantFrom('remove' as const, 'double' as const), at: place, length }),
    fc.record({ kind: fc.constant('cut' as const), at: place }),
  );
  return fc.array(wound, { minLength: 1, maxLength: 6 }).map((wounds) => {
    let file = Buffer.from(bytes);
    for (const each of wounds) {
      const { at } = each;
      if (at >= file.length) continue;
      switch (each.kind) {
        case 'turn':
          file.writeUInt8(file.readUInt8(at) ^ (1 << each.bit), at);
          break;
        case 'overwrite':
          file.set(each.by.slice(0, file.length - at), at);
          break;
        case 'remove':
          file = Buffer.concat([file.subarray(0, at), file.subarray(at + each.length)]);
          break;
        case 'double':
          file = Buffer.concat([file.subarray(0, at + each.length), file.subarray(at)]);
          break;
        case 'cut':
          file = file.subarray(0, at);
          break;
      }
    }
    return file;
  });
}
