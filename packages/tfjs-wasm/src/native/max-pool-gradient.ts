import { type Code, code, f32, f32x4, forRange, i32, i32x4, type Local, sequence, when } from '../assembler/code.ts';
import type { Callee, ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';

/**
 * Arguments of the gradient of max pooling: input and gradient are [image][row][column][channel], upstream is
 * [image][outRow][outColumn][channel]. A task is one image's `taskChannels` channels. Addresses are in bytes.
 */
export const maxPoolGradientFields = [
  ...(['input', 'upstream', 'gradient', 'rows', 'columns', 'channels', 'outRows', 'outColumns'] as const),
  ...(['windowRows', 'windowColumns', 'rowStride', 'columnStride', 'rowDilation', 'columnDilation'] as const),
  ...(['padTop', 'padLeft', 'taskChannels', 'channelTasks'] as const),
] as const;

/** Gives each upstream number to the first largest input of its window. The gradient must start as zeros. */
export function maxPoolGradient(module: ModuleBuilder): Callee {
  return module.func('maxPoolGradient', ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, maxPoolGradientFields);
    const local = (): Local => declare('i32');
    const [image, first, end, channel, pixelBytes, inputImage, toGradient] = Array.from({ length: 7 }, local);
    const [outRow, outColumn, tapRow, tapColumn, row, column, at, upstreamAt] = Array.from({ length: 8 }, local);

    /** Where a tap of the current window lies along an axis; outside the axis it is below zero, which is huge, or too large. */
    const position = (out: Local, stride: Local, tap: Local, dilation: Local, pad: Local): Code =>
      i32.sub(i32.add(i32.mul(out, stride), i32.mul(tap, dilation)), pad);
    /** Visits the inputs of the current window; `at` is the address of the input's current channel. */
    const forWindow = (body: Code): Code => {
      const oneTap = sequence(
        column.set(position(outColumn, given.columnStride, tapColumn, given.columnDilation, given.padLeft)),
        when(
          i32.lt(column, given.columns),
          sequence(
            at.set(i32.mul(i32.add(i32.mul(row, given.columns), column), pixelBytes)),
            at.set(i32.add(i32.add(inputImage, channel), at)),
            body,
          ),
        ),
      );
      const oneRow = sequence(
        row.set(position(outRow, given.rowStride, tapRow, given.rowDilation, given.padTop)),
        when(i32.lt(row, given.rows), forRange(tapColumn, 0, given.windowColumns, oneTap)),
      );
      return forRange(tapRow, 0, given.windowRows, oneRow);
    };
    const give = (to: Code, upstream: Code): Code =>
      sequence(
        at.set(to),
        when(
          at, // nothing was larger than minus infinity where it is 0
          sequence(at.increase(toGradient), f32.store(at, f32.add(f32.load(at), upstream))),
        ),
      );

    const [largest, value, place] = [declare('v128'), declare('v128'), declare('v128')];
    const fourChannels = sequence(
      largest.set(f32x4.splat(f32.const(-Infinity))),
      place.set(i32x4.zero()),
      forWindow(
        sequence(
          value.set(f32x4.load(at)),
          place.set(i32x4.bitSelect(i32x4.splat(at), place, f32x4.gt(value, largest))),
          largest.set(f32x4.pmax(largest, value)),
        ),
      ),
      ...[0, 1, 2, 3].map((lane) =>
        sequence(
          at.set(i32x4.lane(place, lane)),
          give(i32.select(i32.add(at, 4 * lane), 0, at), f32.load(upstreamAt, 4 * lane)),
        ),
      ),
    );
    const [single, singleLargest, singlePlace] = [declare('f32'), declare('f32'), declare('i32')];
    const oneChannel = sequence(
      singleLargest.set(f32.const(-Infinity)),
      singlePlace.set(0),
      forWindow(
        sequence(
          single.set(f32.load(at)),
          when(f32.gt(single, singleLargest), sequence(singleLargest.set(single), singlePlace.set(at))),
        ),
      ),
      give([...code(singlePlace)], f32.load(upstreamAt)),
    );
    const onePixel = (body: Code): Code =>
      sequence(
        upstreamAt.set(i32.add(i32.mul(i32.add(i32.mul(image, given.outRows), outRow), given.outColumns), outColumn)),
        upstreamAt.set(i32.add(i32.add(given.upstream, i32.mul(upstreamAt, pixelBytes)), channel)),
        body,
      );
    return sequence(
      load,
      pixelBytes.set(i32.shl(given.channels, 2)),
      image.set(i32.div(task, given.channelTasks)),
      first.set(i32.shl(i32.mul(i32.rem(task, given.channelTasks), given.taskChannels), 2)),
      end.set(i32.add(first, i32.shl(given.taskChannels, 2))),
      end.set(i32.select(end, pixelBytes, i32.lt(end, pixelBytes))),
      toGradient.set(i32.sub(given.gradient, given.input)),
      inputImage.set(i32.add(given.input, i32.mul(i32.mul(i32.mul(image, given.rows), given.columns), pixelBytes))),
      forRange(
        outRow,
        0,
        given.outRows,
        forRange(
          outColumn,
          0,
          given.outColumns,
          sequence(
            forRange(channel, first, i32.sub(end, i32.and(i32.sub(end, first), 15)), onePixel(fourChannels), 16),
            forRange(channel, channel, end, onePixel(oneChannel), 4),
          ),
        ),
      ),
    );
  });
}
