import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readMat, readMatLabels } from './mat.ts';

const { path } = temporaryFolder();
const save = (name: string, bytes: Uint8Array): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};

interface BareMat {
  readonly name?: string;
  readonly arrayClass?: number;
  readonly shape: readonly number[];
  /** Code of the number type of the data, and the data's bytes in the order of the file. */
  readonly type?: number;
  readonly data: Uint8Array;
  readonly bigEndian?: boolean;
  readonly packed?: boolean;
}

/** A MATLAB 5 file put together by hand. */
function bareMat(...variables: readonly BareMat[]): Buffer {
  const bigEndian = variables[0]?.bigEndian === true;
  const words = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) =>
      bigEndian ? bytes.writeUInt32BE(value, index * 4) : bytes.writeUInt32LE(value, index * 4),
    );
    return bytes;
  };
  const element = (type: number, data: Uint8Array): Buffer =>
    Buffer.concat([words(type, data.length), data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
  const small = (type: number, data: Uint8Array): Buffer =>
    Buffer.concat([words((data.length << 16) | type), data, Buffer.alloc(4 - data.length)]);
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file', 'latin1');
  header.set(bigEndian ? [1, 0, 0x4d, 0x49] : [0, 1, 0x49, 0x4d], 124);
  const parts = variables.map(({ name = 'inst_map', arrayClass = 6, shape, type = 9, data, packed }) => {
    const named = Buffer.from(name, 'latin1');
    const body = element(
      14,
      Buffer.concat([
        element(6, words(arrayClass, 0)),
        element(5, words(...shape)),
        named.length <= 4 ? small(1, named) : element(1, named),
        element(type, data),
      ]),
    );
    if (packed !== true) return body;
    const deflated = deflateSync(body);
    return Buffer.concat([words(15, deflated.length), deflated]);
  });
  return Buffer.concat([header, ...parts]);
}

// Column-major: 1 2 3
//               4 5 6
const columns = Uint8Array.of(1, 4, 2, 5, 3, 6);
const rows = [1, 2, 3, 4, 5, 6];
const float64 = Buffer.from(Float64Array.from(columns).buffer);

describe('readMat', () => {
  test.each<[string, BareMat]>([
    ['double', { shape: [2, 3], data: float64 }],
    ['double, compressed', { shape: [2, 3], data: float64, packed: true }],
    ['double stored as bytes, as MATLAB does with small whole numbers', { shape: [2, 3], type: 2, data: columns }],
    ['single', { shape: [2, 3], arrayClass: 7, type: 7, data: Buffer.from(Float32Array.from(columns).buffer) }],
    ['int8', { shape: [2, 3], arrayClass: 8, type: 1, data: columns }],
    ['uint8', { shape: [2, 3], arrayClass: 9, type: 2, data: columns }],
    ['int16', { shape: [2, 3], arrayClass: 10, type: 3, data: Buffer.from(Int16Array.from(columns).buffer) }],
    ['uint16', { shape: [2, 3], arrayClass: 11, type: 4, data: Buffer.from(Uint16Array.from(columns).buffer) }],
    ['int32', { shape: [2, 3], arrayClass: 12, type: 5, data: Buffer.from(Int32Array.from(columns).buffer) }],
    ['uint32', { shape: [2, 3], arrayClass: 13, type: 6, data: Buffer.from(Uint32Array.from(columns).buffer) }],
    [
      'int64',
      {
        shape: [2, 3],
        arrayClass: 14,
        type: 12,
        data: Buffer.from(BigInt64Array.from([...columns].map(BigInt)).buffer),
      },
    ],
    [
      'uint64',
      {
        shape: [2, 3],
        arrayClass: 15,
        type: 13,
        data: Buffer.from(BigUint64Array.from([...columns].map(BigInt)).buffer),
      },
    ],
    ['big-endian double', { shape: [2, 3], data: Buffer.from(float64).swap64(), bigEndian: true }],
    [
      'big-endian int16, compressed',
      {
        shape: [2, 3],
        arrayClass: 10,
        type: 3,
        data: Buffer.from(Int16Array.from(columns).buffer).swap16(),
        bigEndian: true,
        packed: true,
      },
    ],
  ])('reads %s', async (name, variable) => {
    const { shape, data } = await readMat(save(`${name.slice(0, 12)}.mat`, bareMat(variable)), 'inst_map');
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual(rows);
  });

  test('finds the variable among others, whatever they are', async () => {
    const file = save(
      'several.mat',
      bareMat(
        { name: 'cell', arrayClass: 1, shape: [1, 1], data: Buffer.alloc(8) },
        { name: 'a', shape: [1, 1], data: Buffer.alloc(8), packed: true },
        { shape: [2, 3], data: float64, packed: true },
      ),
    );
    expect([...(await readMat(file, 'inst_map')).data]).toEqual(rows);
  });

  const expectation = 'expected a MATLAB .mat file of version 5 or later; save it again with save or scipy.io.savemat';
  test.each<[string, Buffer, string]>([
    [
      'another variable',
      bareMat({ name: 'type_map', shape: [1, 1], data: Buffer.alloc(8) }),
      ` has no variable inst_map; it has type_map; ${expectation}`,
    ],
    [
      'a structure',
      bareMat({ arrayClass: 2, shape: [1, 1], data: Buffer.alloc(8) }),
      ': inst_map is a structure; expected numbers; save the label map as a matrix',
    ],
    [
      'a shape beyond the bound',
      bareMat({ shape: [65536, 65536], data: Buffer.alloc(8), packed: true }),
      ': inst_map has the shape (65536, 65536); expected at most 134217728 numbers',
    ],
    [
      'less data than its shape needs',
      bareMat({ shape: [9, 9], data: Buffer.alloc(8) }),
      'cannot read PATH: inst_map was cut off; expected a MATLAB .mat file of version 5 or later; replace the file',
    ],
    [
      'data that unpack to far more than the shape needs',
      bareMat({ shape: [2, 3], data: Buffer.alloc(2 ** 22), packed: true }),
      'cannot read PATH: its data unpack to 4194360 bytes where 2144 are enough; expected a MATLAB .mat file of version 5 or later; replace the file',
    ],
    ['another file', Buffer.alloc(400, 'x'), ` does not begin as a MATLAB file of version 5 does; ${expectation}`],
  ])('refuses %s', async (name, bytes, message) => {
    const file = save(`${name}.mat`, bytes);
    const expected = message.includes('PATH') ? message.replace('PATH', file) : `${file}${message}`;
    expect(await refusal(() => readMat(file, 'inst_map'))).toEqual([DataError, expected]);
  });

  test.each([true, false])(
    'refuses damaged files in one line (compressed: %s)',
    async (packed) => {
      const whole = bareMat(
        { name: 'other', shape: [1, 1], data: Buffer.alloc(8), packed },
        { shape: [2, 3], data: float64, packed },
      );
      await survivesDamage(path('damaged.mat'), whole, async (file) => {
        const { shape, data } = await readMat(file, 'inst_map');
        expect(data).toHaveLength(shape.reduce((a, b) => a * b, 1));
      });
    },
    fuzzTimeout,
  );

  describeWithPython(['scipy.io', 'numpy'], (python) => {
    test.each([
      ['compressed', 'True', "'5'", 'a.astype(float)'],
      ['uncompressed uint16', 'False', "'5'", "a.astype('uint16')"],
      ['bool', 'True', "'5'", 'a > 3'],
      ['int64', 'True', "'5'", "a.astype('int64')"],
    ])('reads what SciPy writes: %s', async (name, compress, format, array) => {
      const file = path(`scipy ${name}.mat`);
      python(
        `import sys, numpy as n, scipy.io as io
a = n.arange(1, 7).reshape(2, 3)
io.savemat(sys.argv[1], {'inst_type': n.ones((2, 1)), 'text': 'x', 'inst_map': ${array}}, do_compression=${compress}, format=${format})`,
        file,
      );
      const { shape, data } = await readMat(file, 'inst_map');
      expect(shape).toEqual([2, 3]);
      expect([...data]).toEqual(name === 'bool' ? [0, 0, 0, 1, 1, 1] : rows);
    });
  });

  describeWithPython(['h5py', 'numpy'], (python) => {
    test('reads version 7.3, a file in its form written by h5py', async () => {
      const file = path('v73.mat');
      python(
        `import sys, h5py, numpy as n
with h5py.File(sys.argv[1], 'w', userblock_size=512) as f:
    f['inst_map'] = n.arange(1, 7).reshape(2, 3).T.astype(float)
with open(sys.argv[1], 'r+b') as f:
    f.write(b'MATLAB 7.3 MAT-file'.ljust(124) + b'\\x00\\x02IM')`,
        file,
      );
      expect(await readMatLabels(file, 'inst_map')).toEqual({ height: 2, width: 3, data: Uint32Array.from(rows) });
    });
  });
});

describe('readMatLabels', () => {
  test('reads ids', async () => {
    const file = save('ids.mat', bareMat({ shape: [2, 3], data: float64 }));
    expect(await readMatLabels(file, 'inst_map')).toEqual({ height: 2, width: 3, data: Uint32Array.from(rows) });
  });

  test('refuses values that are no ids', async () => {
    const file = save('no.mat', bareMat({ shape: [1, 2], data: Buffer.from(Float64Array.of(1, -2).buffer) }));
    expect(await refusal(() => readMatLabels(file, 'inst_map'))).toEqual([
      DataError,
      `${file} has the value -2 at row 0, column 1; expected a label map whose values are object ids; ids are 0, 1, 2, …`,
    ]);
  });
});
