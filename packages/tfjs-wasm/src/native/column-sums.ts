import {
  type Code,
  doWhile,
  f32,
  f32x4,
  forRange,
  i32,
  type Local,
  type Operand,
  sequence,
} from '../assembler/code.ts';
import type { Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';

/**
 * Arguments of the column sums: of [image][pixel][channel], blocks of pixels are summed into
 * target[image][block][sum][channel]. `other` is as large as the source; `centre` is [image][channel]. Addresses are in bytes.
 */
export const columnSumsFields = [
  ...(['source', 'other', 'centre', 'target', 'pixels', 'channels', 'blockPixels', 'blocks'] as const),
] as const;

/** What is added up at each pixel. */
export type Summand = 'value' | 'centredSquare' | 'valueAndProduct';

/** Writes the kernel that adds this up. A task is one block of one image. */
export function columnSums(module: ModuleBuilder, name: string, summand: Summand): Callee {
  return module.func(name, ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, columnSumsFields);
    const local = (): Local => declare('i32');
    const [image, first, count, pixelBytes, start, channel, centreRow] = Array.from({ length: 7 }, local);
    const [from, otherDistance, rest, target] = Array.from({ length: 4 }, local);
    const sumCount = summand === 'valueAndProduct' ? 2 : 1;

    /** Adds up so many neighbouring vectors of four channels, or one channel, from `channel` (in bytes) on. */
    const addUp = (width: 'vectors' | 'single', vectors: number): Code => {
      const ops = width === 'single' ? f32 : f32x4;
      const variable = (): Local => declare(width === 'single' ? 'f32' : 'v128');
      const value = variable();
      const lanes = Array.from({ length: vectors }, (_, lane) => ({
        ...{ offset: 16 * lane, centre: variable(), sums: Array.from({ length: sumCount }, variable) },
      }));
      const accumulate = (sum: Local, by: Operand): Code => sum.set(ops.add(sum, by));
      const onePixel = lanes.map(({ offset, centre, sums: [sum, second] }) => {
        const x = ops.load(from, offset);
        if (summand === 'value') return accumulate(sum, x);
        if (summand === 'centredSquare') {
          return sequence(value.set(ops.sub(x, centre)), accumulate(sum, ops.mul(value, value)));
        }
        const other = ops.load(i32.add(from, otherDistance), offset);
        return sequence(value.set(x), accumulate(sum, value), accumulate(second, ops.mul(value, other)));
      });
      return sequence(
        ...lanes.flatMap(({ offset, centre, sums }) => [
          ...sums.map((sum) => sum.set(width === 'single' ? f32.const(0) : f32x4.zero())),
          ...(summand === 'centredSquare' ? [centre.set(ops.load(i32.add(centreRow, channel), offset))] : []),
        ]),
        from.set(i32.add(start, channel)),
        rest.set(i32.add(count, 0)),
        doWhile(sequence(...onePixel, from.increase(pixelBytes), rest.increase(-1)), rest),
        ...lanes.flatMap(({ offset, sums }) =>
          sums.map((sum, index) =>
            ops.store(i32.add(i32.add(target, channel), i32.mul(index, pixelBytes)), sum, offset),
          ),
        ),
      );
    };
    return sequence(
      load,
      pixelBytes.set(i32.shl(given.channels, 2)),
      image.set(i32.div(task, given.blocks)),
      first.set(i32.mul(i32.rem(task, given.blocks), given.blockPixels)),
      count.set(i32.sub(given.pixels, first)),
      count.set(i32.select(count, given.blockPixels, i32.lt(count, given.blockPixels))),
      start.set(i32.add(given.source, i32.mul(i32.add(i32.mul(image, given.pixels), first), pixelBytes))),
      otherDistance.set(i32.sub(given.other, given.source)),
      centreRow.set(i32.add(given.centre, i32.mul(image, pixelBytes))),
      target.set(i32.add(given.target, i32.mul(i32.mul(task, sumCount), pixelBytes))),
      forRange(channel, 0, i32.and(pixelBytes, -64), addUp('vectors', 4), 64),
      forRange(channel, channel, i32.and(pixelBytes, -16), addUp('vectors', 1), 16),
      forRange(channel, channel, pixelBytes, addUp('single', 1), 4),
    );
  });
}
