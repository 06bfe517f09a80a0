import fc from 'fast-check';

/** Ways to spoil a file: cut it off, change bytes, put in bytes, take out bytes. */
export function damaged(original: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat(Math.max(0, original.length - 1));
  const change = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at }),
    fc.record({
      kind: fc.constant('set' as const),
      at,
      byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255)),
    }),
    fc.record({ kind: fc.constant('insert' as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
    fc.record({ kind: fc.constant('remove' as const), at, length: fc.integer({ min: 1, max: 16 }) }),
  );
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = Buffer.from(original);
    for (const change of changes) {
      if (change.at >= bytes.length) continue;
      const [before, after] = [bytes.subarray(0, change.at), bytes.subarray(change.at)];
      if (change.kind === 'cut') bytes = Buffer.from(before);
      else if (change.kind === 'set') bytes[change.at] = change.byte;
      else if (change.kind === 'insert') bytes = Buffer.concat([before, change.bytes, after]);
      else bytes = Buffer.concat([before, after.subarray(change.length)]);
    }
    return new Uint8Array(bytes);
  });
}
