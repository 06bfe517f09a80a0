import { type Code, f32, f32x4, forRange, i32, type Local, sequence } from '../assembler/code.ts';
import type { Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';

/**
 * Arguments of the affine maps of pixels: source, other and target are [image][pixel][channel], the coefficients
 * [image][channel]. Addresses are in bytes.
 */
export const channelAffineFields = [
  ...(['source', 'other', 'target', 'first', 'second', 'third'] as const),
  ...(['pixels', 'channels', 'blockPixels', 'blocks'] as const),
] as const;

/** `normalize`: (source - first) * second + third. `combine`: source * first + other * second + third. */
export type AffineMap = 'normalize' | 'combine';

/** Writes the kernel that applies this map. A task is one block of pixels of one image. */
export function channelAffine(module: ModuleBuilder, name: string, map: AffineMap): Callee {
  return module.func(name, ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, channelAffineFields);
    const local = (): Local => declare('i32');
    const [image, first, count, pixel, channel, pixelBytes, blockBytes, coefficients] = Array.from(
      { length: 8 },
      local,
    );

    /** Maps the channels at `channel` (in bytes) of the current pixel. */
    const apply = (ops: typeof f32 | typeof f32x4): Code => {
      const at = (address: Local): Code => ops.load(i32.add(address, channel));
      const coefficient = (address: Local): Code => ops.load(i32.add(i32.add(address, coefficients), channel));
      const linear =
        map === 'normalize'
          ? ops.mul(ops.sub(at(given.source), coefficient(given.first)), coefficient(given.second))
          : ops.add(
              ops.mul(at(given.source), coefficient(given.first)),
              ops.mul(at(given.other), coefficient(given.second)),
            );
      return ops.store(i32.add(given.target, channel), ops.add(linear, coefficient(given.third)));
    };
    return sequence(
      load,
      pixelBytes.set(i32.shl(given.channels, 2)),
      image.set(i32.div(task, given.blocks)),
      first.set(i32.mul(i32.rem(task, given.blocks), given.blockPixels)),
      count.set(i32.sub(given.pixels, first)),
      count.set(i32.select(count, given.blockPixels, i32.lt(count, given.blockPixels))),
      blockBytes.set(i32.mul(i32.add(i32.mul(image, given.pixels), first), pixelBytes)),
      coefficients.set(i32.mul(image, pixelBytes)),
      ...[given.source, given.other, given.target].map((address) => address.increase(blockBytes)),
      forRange(
        pixel,
        0,
        count,
        sequence(
          forRange(channel, 0, i32.and(pixelBytes, -16), apply(f32x4), 16),
          forRange(channel, channel, pixelBytes, apply(f32), 4),
          ...[given.source, given.other, given.target].map((address) => address.increase(pixelBytes)),
        ),
      ),
    );
  });
}
