import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import './testing/index.ts';
import { decodeSafetensors, encodeSafetensors, type PlainTensor } from './safetensors.ts';
import { DataError } from './errors.ts';

/** A file from its header and body, written by hand. */
const file = (header: unknown, ...body: number[]): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.length);
  bytes[0] = text.length;
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
};

/** The one tensor of a file of one tensor. */
const only = (dtype: string, count: number, ...body: number[]): ArrayLike<number> | undefined =>
  decodeSafetensors(file({ x: { dtype, shape: [count], data_offsets: [0, body.length] } }, ...body)).tensors.get('x')
    ?.data;

describe('decodeSafetensors', () => {
  test.each<[string, number[], ArrayLike<number>]>([
    // 1 = sign 0, exponent 127 (or 15, or 1023), fraction 0.
    ['F32', [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0], Float32Array.of(1, -2.5)],
    ['F16', [0x00, 0x3c, 0x00, 0xc1], Float32Array.of(1, -2.5)],
    // The smallest subnormal, infinity, the largest number, minus zero.
    ['F16', [0x01, 0x00, 0x00, 0x7c, 0xff, 0x7b, 0x00, 0x80], Float32Array.of(2 ** -24, Infinity, 65504, -0)],
    ['BF16', [0x80, 0x3f, 0x20, 0xc0], Float32Array.of(1, -2.5)],
    ['F64', [0, 0, 0, 0, 0, 0, 0x04, 0xc0], Float32Array.of(-2.5)],
    ['I32', [0xfe, 0xff, 0xff, 0xff], Int32Array.of(-2)],
    ['I64', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Int32Array.of(-2)],
    ['U8', [0, 255], Uint8Array.of(0, 255)],
    ['I8', [1, 0xfe], Int8Array.of(1, -2)],
    ['BOOL', [1, 0], Uint8Array.of(1, 0)],
  ])('reads %s %j', (dtype, body, expected) => {
    expect(only(dtype, expected.length, ...body)).toEqual(expected);
  });

  test('reads NaN in half precision', () => {
    expect(only('F16', 1, 0x01, 0x7c)?.[0]).toBeNaN();
    expect(only('BF16', 1, 0xc0, 0x7f)?.[0]).toBeNaN();
  });

  test.each([0, 1, 2, 3, 4])('reads from the middle of a larger buffer, %i bytes from its start', (before) => {
    const bytes = encodeSafetensors({
      tensors: new Map<string, PlainTensor>([
        ['a', { shape: [3], data: Int8Array.of(1, -2, 3) }],
        ['b', { shape: [2], data: Float32Array.of(0.5, -7) }],
      ]),
      metadata: {},
    });
    const shared = new Uint8Array(before + bytes.length + 9);
    shared.set(bytes, before);
    const { tensors } = decodeSafetensors(shared.subarray(before, before + bytes.length));
    expect(tensors.get('a')).toEqual({ shape: [3], data: Int8Array.of(1, -2, 3) });
    expect(tensors.get('b')).toEqual({ shape: [2], data: Float32Array.of(0.5, -7) });
  });

  test('copies no numbers that lie aligned', () => {
    const tensors = new Map<string, PlainTensor>([['x', { shape: [2], data: Float32Array.of(1, 2) }]]);
    const bytes = encodeSafetensors({ tensors, metadata: {} });
    expect(decodeSafetensors(bytes).tensors.get('x')?.data.buffer).toBe(bytes.buffer);
  });

  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), '(0 bytes)'],
    ['a header cut short', file({ x: 1 }).subarray(0, 12), '(its header is cut short)'],
    ['a header of another format', file('PK not json'), '(its header is not JSON)'],
    ['a header that is no list', file('null'), '(its header lists no tensors)'],
    ['a tensor without a place', file({ x: { dtype: 'F32', shape: [1] } }), '(tensor x is not described)'],
    [
      'a tensor cut short',
      file({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 1, 2),
      '(tensor x is cut short)',
    ],
    [
      'a shape that does not fit',
      file({ x: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 4] } }, 0, 0, 0, 0),
      '(tensor x [2, 3] does not fill its 4 bytes)',
    ],
  ])('refuses %s', (_, bytes, why) => {
    const run = (): unknown => decodeSafetensors(bytes, 'weights.safetensors');
    expect(run).toThrow(DataError);
    expect(run).toThrow(`weights.safetensors: not a safetensors file ${why}; save it again`);
  });

  test('names a type that it cannot read', () => {
    const bytes = file({ x: { dtype: 'F8_E5M2', shape: [1], data_offsets: [0, 1] } }, 0);
    expect(() => decodeSafetensors(bytes, 'w')).toThrow(
      'w: tensor x has type F8_E5M2; expected F32, F16, BF16, F64, I32, I64, U8, I8, BOOL',
    );
  });

  test('refuses every file cut anywhere, with the one error', () => {
    const tensors = new Map<string, PlainTensor>([
      ['a', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
      ['b', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
    ]);
    const whole = encodeSafetensors({ tensors, metadata: { made: 'by hand' } });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(DataError);
    }
  });
});

describe('encodeSafetensors', () => {
  const plain: fc.Arbitrary<PlainTensor> = fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
      fc.constantFrom('F32', 'I32', 'U8', 'I8'),
      fc.nat(),
    )
    .map(([shape, type, start]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const values = Array.from({ length: size }, (_, index) => (start + index * 77) % 256);
      if (type === 'F32') return { shape, data: Float32Array.from(values, (value) => value / 3) };
      if (type === 'I8') return { shape, data: Int8Array.from(values) };
      return { shape, data: type === 'I32' ? Int32Array.from(values) : Uint8Array.from(values) };
    });
  const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');

  test('is the inverse of decodeSafetensors, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(name, fc.constant('__proto__')), plain), { maxLength: 5 }),
        fc.dictionary(name, fc.string()),
        (entries, metadata) => {
          const tensors = new Map(entries);
          const decoded = decodeSafetensors(encodeSafetensors({ tensors, metadata }));
          expect(new Map([...decoded.tensors].sort())).toEqual(new Map([...tensors].sort()));
          expect({ ...decoded.metadata }).toEqual({ ...metadata });
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test('starts the data at a multiple of eight bytes', () => {
    const bytes = encodeSafetensors({
      tensors: new Map([['x', { shape: [1], data: Uint8Array.of(9) }]]),
      metadata: {},
    });
    expect((bytes.length - 1) % 8).toBe(0);
    expect(bytes[bytes.length - 1]).toBe(9);
  });
});
