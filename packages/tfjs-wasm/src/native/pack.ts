import {
  type Code,
  copyBytes,
  doWhile,
  f32,
  f32x4,
  forRange,
  i32,
  type Local,
  sequence,
  when,
  zeroFill,
} from '../assembler/code.ts';
import { type Callee, type ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';
import { TILE_COLUMNS } from './tiles.ts';

const minimum = (a: Local, b: Code | Local | number): Code => i32.select(a, b, i32.lt(a, b));

interface PaddedRows {
  readonly rows: Local;
  readonly padTop: Local;
  readonly paddedRows: Local;
  readonly imageRows: Local;
  readonly taskRows: Local;
}

/**
 * Runs `body` for each padded row of a task: `imageRow` counts the padded rows of all images, `row` is the same row in its
 * own image. It lies outside where it is not below `rows`: above the image too, since a negative number is huge unsigned.
 */
function eachPaddedRow(
  task: Local,
  given: PaddedRows,
  { imageRow, end, row }: { readonly imageRow: Local; readonly end: Local; readonly row: Local },
  body: Code,
): Code {
  const padded = row.set(i32.sub(i32.rem(imageRow, given.paddedRows), given.padTop));
  return sequence(
    imageRow.set(i32.mul(task, given.taskRows)),
    end.set(i32.add(imageRow, given.taskRows)),
    end.set(minimum(end, given.imageRows)),
    forRange(imageRow, imageRow, end, sequence(padded, body)),
  );
}

/** The row of the images without padding, counted over all of them. */
const sourceRowOf = (imageRow: Local, row: Local, { paddedRows, rows }: PaddedRows): Code =>
  i32.add(i32.mul(i32.div(imageRow, paddedRows), rows), row);

/** Arguments of {@link packPanels}: [image][row][column][channel] goes to [panel][image][padded row][padded column][width]. */
export const packPanelsFields = [
  ...(['source', 'sourcePixel', 'rows', 'columns', 'channels'] as const),
  ...(['padTop', 'padLeft', 'paddedRows', 'paddedColumns'] as const),
  /** `sourcePixel`: bytes from a pixel to the next. `imageRows`: padded rows of all images; a task is `taskRows` of them. */
  ...(['target', 'targetPanel', 'imageRows', 'taskRows'] as const),
] as const;

/** Cuts the channels into panels of `width`, a multiple of 4, and pads rows and columns with zeros. The last panel's missing channels are zero. */
export function packPanels(module: ModuleBuilder, width: number): Callee {
  const pixelBytes = 4 * width;
  return module.func(`packPanels${width}`, ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, packPanelsFields);
    const local = (): Local => declare('i32');
    const [imageRow, end, row, panel, from, to, stop, channels] = Array.from({ length: 8 }, local);
    const [sourceRow, lane] = [local(), local()];

    const zeros = (count: Code | Local): Code =>
      sequence(
        stop.set(i32.add(to, i32.mul(count, pixelBytes))),
        when(i32.lt(to, stop), doWhile(sequence(f32x4.store(to, f32x4.zero()), to.increase(16)), i32.lt(to, stop))),
      );
    const vectors = Array.from({ length: width / 4 }, (_, vector) => 16 * vector);
    const copyWhole = sequence(...vectors.map((offset) => f32x4.store(to, f32x4.load(from, offset), offset)));
    const copyPart = sequence(
      ...vectors.map((offset) => f32x4.store(to, f32x4.zero(), offset)),
      forRange(lane, 0, i32.shl(channels, 2), f32.store(i32.add(to, lane), f32.load(i32.add(from, lane))), 4),
    );
    const copyPixels = (copy: Code): Code =>
      doWhile(sequence(copy, to.increase(pixelBytes), from.increase(given.sourcePixel)), i32.lt(to, stop));
    const onePanel = sequence(
      to.set(
        i32.add(
          i32.add(given.target, i32.mul(panel, given.targetPanel)),
          i32.mul(i32.mul(imageRow, given.paddedColumns), pixelBytes),
        ),
      ),
      when(
        i32.lt(row, given.rows),
        sequence(
          zeros(given.padLeft),
          from.set(i32.add(sourceRow, i32.mul(panel, pixelBytes))),
          stop.set(i32.add(to, i32.mul(given.columns, pixelBytes))),
          channels.set(i32.sub(given.channels, i32.mul(panel, width))),
          when(i32.lt(channels, width), copyPixels(copyPart), copyPixels(copyWhole)),
          zeros(i32.sub(i32.sub(given.paddedColumns, given.padLeft), given.columns)),
        ),
        zeros(given.paddedColumns),
      ),
    );
    return sequence(
      load,
      eachPaddedRow(
        task,
        given,
        { imageRow, end, row },
        sequence(
          sourceRow.set(sourceRowOf(imageRow, row, given)),
          sourceRow.set(i32.add(given.source, i32.mul(i32.mul(sourceRow, given.columns), given.sourcePixel))),
          forRange(panel, 0, i32.div(i32.add(given.channels, width - 1), width), onePanel),
        ),
      ),
    );
  });
}

/** Arguments of {@link packTransposed}: for each tap, [n][k] goes to [panel of n][tap][k][8]. Steps are in bytes and may be negative. */
export const packTransposedFields = [
  ...(['source', 'sourceTapRow', 'sourceTapColumn', 'tapColumns', 'n', 'k'] as const),
  /** A task is one tap and `taskPanels` panels. */
  ...(['target', 'targetPanel', 'taskPanels', 'panelTasks'] as const),
] as const;

/** Transposes matrices into panels of 8 columns. The last panel repeats the last row of the source. */
export function packTransposed(module: ModuleBuilder): Callee {
  return module.func('packTransposed', ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, packTransposedFields);
    const local = (): Local => declare('i32');
    const [tap, panel, end, base, to, rest, step] = Array.from({ length: 7 }, local);
    const rows = Array.from({ length: TILE_COLUMNS }, local);
    const vectors = Array.from({ length: 4 }, () => declare('v128'));
    const halves = Array.from({ length: 4 }, () => declare('v128'));

    const block = (first: number): Code => {
      const [a, b, c, d] = vectors;
      const [e, f, g, h] = halves;
      return sequence(
        ...vectors.map((vector, index) => vector.set(f32x4.load(rows[first + index]))),
        e.set(f32x4.shuffle(a, b, [0, 4, 1, 5])),
        f.set(f32x4.shuffle(c, d, [0, 4, 1, 5])),
        g.set(f32x4.shuffle(a, b, [2, 6, 3, 7])),
        h.set(f32x4.shuffle(c, d, [2, 6, 3, 7])),
        ...(
          [
            [e, f, 0],
            [e, f, 2],
            [g, h, 0],
            [g, h, 2],
          ] as const
        ).map(([low, high, lane], index) =>
          f32x4.store(to, f32x4.shuffle(low, high, [lane, lane + 1, lane + 4, lane + 5]), 32 * index + 4 * first),
        ),
      );
    };
    const onePanel = sequence(
      ...rows.map((row, index) =>
        sequence(
          row.set(i32.add(i32.shl(panel, 3), index)),
          row.set(minimum(row, i32.sub(given.n, 1))),
          row.set(i32.add(base, i32.mul(row, step))),
        ),
      ),
      to.set(i32.add(i32.add(given.target, i32.mul(panel, given.targetPanel)), i32.shl(i32.mul(tap, given.k), 5))),
      forRange(
        rest,
        0,
        i32.shr(given.k, 2),
        sequence(block(0), block(4), ...rows.map((row) => row.increase(16)), to.increase(128)),
      ),
      forRange(
        rest,
        0,
        i32.and(given.k, 3),
        sequence(
          ...rows.map((row, index) => f32.store(to, f32.load(row), 4 * index)),
          ...rows.map((row) => row.increase(4)),
          to.increase(32),
        ),
      ),
    );
    return sequence(
      load,
      tap.set(i32.div(task, given.panelTasks)),
      panel.set(i32.mul(i32.rem(task, given.panelTasks), given.taskPanels)),
      end.set(i32.add(panel, given.taskPanels)),
      end.set(minimum(end, i32.shr(i32.add(given.n, TILE_COLUMNS - 1), 3))),
      step.set(i32.shl(given.k, 2)),
      base.set(
        i32.add(
          given.source,
          i32.add(
            i32.mul(i32.div(tap, given.tapColumns), given.sourceTapRow),
            i32.mul(i32.rem(tap, given.tapColumns), given.sourceTapColumn),
          ),
        ),
      ),
      forRange(panel, panel, end, onePanel),
    );
  });
}

/** Arguments of {@link padImages}: [image][row][column] pixels of `pixelBytes` get rows and columns of zeros around them. */
export const padImagesFields = [
  ...(['source', 'rows', 'columns', 'pixelBytes', 'padTop', 'padLeft', 'paddedRows', 'paddedColumns'] as const),
  ...(['target', 'imageRows', 'taskRows'] as const),
] as const;

/** Copies images into a frame of zeros. */
export function padImages(module: ModuleBuilder): Callee {
  return module.func('padImages', ['i32', 'i32', 'i32'], (declare, args, task) => {
    const { values: given, load } = loadFields(declare, args, padImagesFields);
    const local = (): Local => declare('i32');
    const [imageRow, end, row, to, from, left, inside, whole] = Array.from({ length: 8 }, local);
    return sequence(
      load,
      left.set(i32.mul(given.padLeft, given.pixelBytes)),
      inside.set(i32.mul(given.columns, given.pixelBytes)),
      whole.set(i32.mul(given.paddedColumns, given.pixelBytes)),
      eachPaddedRow(
        task,
        given,
        { imageRow, end, row },
        sequence(
          to.set(i32.add(given.target, i32.mul(imageRow, whole))),
          when(
            i32.lt(row, given.rows),
            sequence(
              from.set(sourceRowOf(imageRow, row, given)),
              zeroFill(to, left),
              to.increase(left),
              copyBytes(to, i32.add(given.source, i32.mul(from, inside)), inside),
              to.increase(inside),
              zeroFill(to, i32.sub(i32.sub(whole, left), inside)),
            ),
            zeroFill(to, whole),
          ),
        ),
      ),
    );
  });
}
