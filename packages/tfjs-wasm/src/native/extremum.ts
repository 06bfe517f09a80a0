import { type Code, f32, f32x4, forRange, i32, type Local, sequence, when } from '../assembler/code.ts';
import type { Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';

/** Arguments of the larger or smaller of two: `other` has as many numbers as the source, or one if `single` is 1. */
export const extremumFields = ['source', 'other', 'target', 'count', 'single', 'taskCount'] as const;

/** Writes the kernel that chooses. A task is `taskCount` numbers, a multiple of 4. */
export function extremum(module: ModuleBuilder, name: string, choice: 'max' | 'min'): Callee {
  return module.func(name, ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, extremumFields);
    const [first, offset, end] = [declare('i32'), declare('i32'), declare('i32')];
    const choose = (ops: typeof f32 | typeof f32x4, other: Code): Code =>
      ops.store(i32.add(given.target, offset), ops[choice](ops.load(i32.add(given.source, offset)), other));
    const all = (four: Code, one: Code): Code =>
      sequence(
        forRange(offset, first, i32.and(end, -16), choose(f32x4, four), 16),
        forRange(offset, offset, end, choose(f32, one), 4),
      );
    const at = (local: Local): Code => i32.add(local, offset);
    return sequence(
      load,
      first.set(i32.shl(i32.mul(task, given.taskCount), 2)),
      end.set(i32.add(first, i32.shl(given.taskCount, 2))),
      offset.set(i32.shl(given.count, 2)),
      end.set(i32.select(end, offset, i32.lt(end, offset))),
      when(
        given.single,
        all(f32x4.loadSplat(given.other), f32.load(given.other)),
        all(f32x4.load(at(given.other)), f32.load(at(given.other))),
      ),
    );
  });
}
