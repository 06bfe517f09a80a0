import { type Code, f32, f32x4, f64, f64x2, forRange, i32, type Local, sequence } from '../assembler/code.ts';
import type { Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';

/**
 * Arguments of the row sums: the source is [row][count] float32, the target [row][block] float64, each the sum of
 * `blockCount` numbers of a row. Addresses are in bytes.
 */
export const rowSumsFields = ['source', 'target', 'rows', 'count', 'taskRows', 'blockCount', 'blocks'] as const;

/** Writes the kernel that adds up rows, or their squares, in float64. A task is one block of `taskRows` rows. */
export function rowSums(module: ModuleBuilder, name: string, summand: 'value' | 'square'): Callee {
  return module.func(name, ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, rowSumsFields);
    const local = (): Local => declare('i32');
    const [block, row, endRow, first, bytes, from, offset] = Array.from({ length: 7 }, local);
    const [four, pair] = [declare('v128'), declare('v128')];
    const sums = Array.from({ length: 4 }, () => declare('v128'));
    const [value, total] = [declare('f64'), declare('f64')];

    const addPair = (sum: Local, numbers: Code): Code =>
      sequence(
        pair.set(f64x2.fromLowF32(numbers)),
        sum.set(f64x2.add(sum, summand === 'square' ? f64x2.mul(pair, pair) : pair)),
      );
    const addFour = (low: Local, high: Local, shift: number): Code =>
      sequence(
        four.set(f32x4.load(i32.add(from, offset), shift)),
        addPair(low, f32x4.shuffle(four, four, [0, 1, 0, 1])),
        addPair(high, f32x4.shuffle(four, four, [2, 3, 2, 3])),
      );
    const addOne = sequence(
      value.set(f64.fromF32(f32.load(i32.add(from, offset)))),
      total.set(f64.add(total, summand === 'square' ? f64.mul(value, value) : value)),
    );
    const oneRow = sequence(
      from.set(i32.add(given.source, i32.shl(i32.add(i32.mul(row, given.count), first), 2))),
      ...sums.map((sum) => sum.set(f64x2.zero())),
      total.set(f64.const(0)),
      forRange(
        offset,
        0,
        i32.and(bytes, -32),
        sequence(addFour(sums[0], sums[1], 0), addFour(sums[2], sums[3], 16)),
        32,
      ),
      forRange(offset, i32.and(bytes, -32), bytes, addOne, 4),
      ...sums.flatMap((sum) => [0, 1].map((lane) => total.set(f64.add(total, f64x2.lane(sum, lane))))),
      f64.store(i32.add(given.target, i32.shl(i32.add(i32.mul(row, given.blocks), block), 3)), total),
    );
    return sequence(
      load,
      block.set(i32.rem(task, given.blocks)),
      row.set(i32.mul(i32.div(task, given.blocks), given.taskRows)),
      endRow.set(i32.add(row, given.taskRows)),
      endRow.set(i32.select(endRow, given.rows, i32.lt(endRow, given.rows))),
      first.set(i32.mul(block, given.blockCount)),
      bytes.set(i32.sub(given.count, first)),
      bytes.set(i32.shl(i32.select(bytes, given.blockCount, i32.lt(bytes, given.blockCount)), 2)),
      forRange(row, row, endRow, oneRow),
    );
  });
}
