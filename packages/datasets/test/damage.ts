import fc from 'fast-check';

/** Damaged files that a reader meets in a test; `PFFNET_FUZZ_RUNS` asks for more. */
export const fuzzRuns = Number(process.env['PFFNET_FUZZ_RUNS'] ?? 60);

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
