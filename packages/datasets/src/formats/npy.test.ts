import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { type NumericArray } from './numeric-array.ts';
import { readNpy, readNpyEntry, readNpyHeader, readNpyLabels, writeNpy } from './npy.ts';

const { path } = temporaryFolder();

/** A file as NumPy writes it, put together by hand. */
function npy(words: string, data: Uint8Array, version: 1 | 2 | 3 = 1): Buffer {
  const lengthBytes = version === 1 ? 2 : 4;
  const head = Buffer.alloc(8 + lengthBytes);
  head.write('\x93NUMPY', 'latin1');
  head.set([version, 0], 6);
  head.writeUIntLE(words.length, 8, lengthBytes);
  return Buffer.concat([head, Buffer.from(words, 'utf8'), data]);
}
const save = (name: string, bytes: Uint8Array): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};
const words = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;

describe('readNpy', () => {
  test.each<[string, Buffer, number[]]>([
    ['bool', npy(words('|b1', '2,'), Buffer.of(1, 0)), [1, 0]],
    ['int8', npy(words('|i1', '2,'), Buffer.of(255, 3)), [-1, 3]],
    ['uint16, little-endian', npy(words('<u2', '2,'), Buffer.of(1, 2, 0, 255)), [513, 65280]],
    ['uint16, big-endian', npy(words('>u2', '2,'), Buffer.of(1, 2, 0, 255)), [258, 255]],
    ['int32, big-endian', npy(words('>i4', '1,'), Buffer.of(255, 255, 255, 254)), [-2]],
    ['int64', npy(words('<i8', '1,'), Buffer.of(1, 0, 0, 0, 1, 0, 0, 0)), [4294967297]],
    ['uint64, big-endian', npy(words('>u8', '1,'), Buffer.of(0, 0, 0, 0, 0, 0, 1, 0)), [256]],
    ['float32', npy(words('<f4', '1,'), Buffer.from(Float32Array.of(2.5).buffer)), [2.5]],
    ['float64, version 2.0', npy(words('<f8', '1,'), Buffer.from(Float64Array.of(-0.25).buffer), 2), [-0.25]],
    ['a number alone, version 3.0', npy(words('|u1', ''), Buffer.of(9), 3), [9]],
  ])('reads %s', async (name, bytes, values) => {
    expect([...(await readNpy(save(`${name}.npy`, bytes))).data]).toEqual(values);
  });

  test('turns Fortran order into rows', async () => {
    const file = save('fortran.npy', npy(words('|u1', '2, 3', 'True'), Buffer.of(1, 4, 2, 5, 3, 6)));
    expect(await readNpy(file)).toEqual({ shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  const anyArray: fc.Arbitrary<NumericArray> = fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        Uint8Array,
        Int8Array,
        Uint16Array,
        Int16Array,
        Uint32Array,
        Int32Array,
        Float32Array,
        Float64Array,
      ),
      fc.nat(),
    )
    .map(([shape, Kind, seed]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      const data = new Kind(length);
      for (let index = 0; index < length; index++) data[index] = (index * 7919 + seed) % 251;
      return { shape, data };
    });

  test('gives back what writeNpy was given', async () => {
    await fc.assert(
      fc.asyncProperty(anyArray, async (array) => {
        await writeNpy(path('round.npy'), array);
        expect(await readNpy(path('round.npy'))).toEqual(array);
        expect((await readNpyHeader(path('round.npy'))).dataAt % 64).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test(
    'refuses damaged files in one line, and never reads more than the file holds',
    async () => {
      await writeNpy(path('whole.npy'), { shape: [4, 5], data: Uint16Array.from({ length: 20 }, (_, index) => index) });
      const whole = readFileSync(path('whole.npy'));
      await survivesDamage(path('damaged.npy'), whole, async (file) => {
        const { shape, data } = await readNpy(file);
        expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1));
      });
    },
    fuzzTimeout,
  );

  const expectation = 'expected an NPY array of whole or floating-point numbers; save it again with numpy.save';
  test.each<[string, Buffer, string]>([
    [
      'other files',
      Buffer.from('{"no": "array, but long enough"}'),
      `does not begin as an NPY file does; ${expectation}`,
    ],
    [
      'records',
      npy(`{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (1,), }`, Buffer.alloc(2)),
      `holds {'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (1,), }; ${expectation}`,
    ],
    [
      'a shape that the file does not fill',
      npy(words('<f8', '99999, 99999'), Buffer.alloc(8)),
      'has 8 bytes of numbers, its shape (99999, 99999) needs 79998400008; the file was cut off; get it again',
    ],
    [
      'integers above 2^53',
      npy(words('<u8', '1,'), Buffer.alloc(8, 255)),
      'has the value 18446744073709551615; expected integers up to 2^53; save it with smaller numbers',
    ],
  ])('refuses %s', async (name, bytes, message) => {
    const file = save(`${name}.npy`, bytes);
    expect(await refusal(() => readNpy(file))).toEqual([DataError, `${file} ${message}`]);
  });

  test('says that a file is missing', async () => {
    expect(await refusal(() => readNpy(path('none.npy')))).toEqual([
      DataError,
      `there is no file ${path('none.npy')}; expected an NPY array of whole or floating-point numbers; check the path`,
    ]);
  });
});

describe('readNpyEntry', () => {
  test('reads one image of a stack', async () => {
    await writeNpy(path('stack.npy'), {
      shape: [3, 2, 2],
      data: Float64Array.from({ length: 12 }, (_, index) => index),
    });
    expect(await readNpyEntry(path('stack.npy'), 1)).toEqual({ shape: [2, 2], data: Float64Array.of(4, 5, 6, 7) });
  });

  test('refuses an entry that is not there, and Fortran order', async () => {
    const file = save('f.npy', npy(words('|u1', '2, 2', 'True'), Buffer.alloc(4)));
    expect(await refusal(() => readNpyEntry(path('stack.npy'), 3))).toEqual([
      DataError,
      `${path('stack.npy')} has 3 entries; there is no entry 3; check the number`,
    ]);
    expect(await refusal(() => readNpyEntry(file, 0))).toEqual([
      DataError,
      `${file} is in Fortran order; expected C order; save numpy.ascontiguousarray of it`,
    ]);
  });
});

describe('readNpyLabels', () => {
  test('reads whole numbers of any type, an axis of length 1 left out', async () => {
    await writeNpy(path('labels.npy'), { shape: [1, 2, 2], data: Float64Array.of(0, 7, 70000, 1) });
    expect(await readNpyLabels(path('labels.npy'))).toEqual({
      height: 2,
      width: 2,
      data: Uint32Array.of(0, 7, 70000, 1),
    });
  });

  test.each<[string, NumericArray, string]>([
    [
      'fractions',
      { shape: [2, 2], data: Float32Array.of(0, 1, 2, 0.5) },
      'has the value 0.5 at row 1, column 1; expected a label map whose values are object ids; ids are 0, 1, 2, …',
    ],
    [
      'a colour image',
      { shape: [2, 2, 3], data: new Uint8Array(12) },
      'has the shape (2, 2, 3); expected rows and columns of object ids; save the label map alone',
    ],
  ])('refuses %s', async (name, array, message) => {
    const file = path(`${name}.npy`);
    await writeNpy(file, array);
    expect(await refusal(() => readNpyLabels(file))).toEqual([DataError, `${file} ${message}`]);
  });
});

describe('writeNpy', () => {
  test('refuses numbers that do not fill the shape', async () => {
    expect(await refusal(() => writeNpy(path('a.npy'), { shape: [2, 2], data: new Uint8Array(3) }))).toEqual([
      ShapeError,
      'writeNpy: expected 2 x 2 numbers, got 3',
    ]);
  });

  describeWithPython(['numpy'], (python) => {
    test('is read by NumPy, and reads what NumPy writes', async () => {
      await writeNpy(path('ours.npy'), { shape: [2, 3], data: Uint32Array.of(0, 1, 70000, 3, 4, 4294967295) });
      const back = python(
        `import sys, json, numpy as n
a = n.load(sys.argv[1]); n.save(sys.argv[2], n.asfortranarray(a.astype('>i8')))
print(json.dumps([a.dtype.str, a.tolist()]))`,
        path('ours.npy'),
        path('theirs.npy'),
      );
      expect(back).toEqual([
        '<u4',
        [
          [0, 1, 70000],
          [3, 4, 4294967295],
        ],
      ]);
      expect([...(await readNpyLabels(path('theirs.npy'))).data]).toEqual([0, 1, 70000, 3, 4, 4294967295]);
    });
  });
});
