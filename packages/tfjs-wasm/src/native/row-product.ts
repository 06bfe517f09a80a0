import { type Code, forRange, i32, type Local, sequence, when } from '../assembler/code.ts';
import { call, type Callee, type ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';
import { rowTile, TILE_COLUMNS, TILE_ROWS } from './tiles.ts';

/**
 * Arguments of {@link rowProduct}. Strides, steps and addresses are in bytes; the others count.
 * A's rows are output pixels: pixel (image, row, column) reads `tapRows` runs of `run` numbers that begin at
 * source + image * sourceImage + row * sourceRow + column * sourcePixel, `sourceTapRow` apart.
 */
export const rowProductFields = [
  ...(['source', 'sourceImage', 'sourceRow', 'sourcePixel', 'sourceTapRow', 'tapRows', 'run'] as const),
  ...(['target', 'targetImage', 'targetRow', 'targetPixel', 'rows', 'columns', 'pixels'] as const),
  /** B is [k][n]: its first `directPanels` panels are read where they lie, the others from packed panels [k][8]. */
  ...(['outputs', 'packed', 'packedPanel', 'direct', 'directStep', 'directPanels'] as const),
  /** Products of the same size, one after the other: steps from one to the next, and tasks of one. */
  ...(['batchTasks', 'sourceBatch', 'targetBatch', 'packedBatch', 'directBatch'] as const),
  /** A task is `blockPixels` pixels times `taskPanels` panels; the sum is taken by blocks of tap rows and of run. */
  ...(['blockPixels', 'taskPanels', 'panelTasks', 'blockTapRows', 'blockRun', 'scratch', 'scratchThread'] as const),
] as const;

/** Bytes of scratch per thread besides 8 per pixel of a block. */
export const ROW_PRODUCT_SPILL = 64;

const minimum = (a: Local, b: Code): Code => i32.select(a, b, i32.lt(a, b));

/** The product A B of a matrix of pixels' neighbourhoods with a matrix: convolutions, their input gradients, matrix products. */
export function rowProduct(module: ModuleBuilder): Callee {
  const wholeTile = rowTile(module, TILE_ROWS);
  const singleTile = rowTile(module, 1);
  return module.func('rowProduct', ['i32', 'i32', 'i32'], (declare, args, task, thread) => {
    const { values: given, load } = loadFields(declare, args, rowProductFields);
    const local = (): Local => declare('i32');
    const [first, count, index, pixel, spill, table] = [local(), local(), local(), local(), local(), local()];
    const [image, row, entry, panel, panelEnd] = [local(), local(), local(), local(), local()];
    const [tapRow, tapRows, run, runHere, kOffset] = [local(), local(), local(), local(), local()];
    const [offset, advance, b, bStep, columns] = [local(), local(), local(), local(), local()];

    const address = (start: Local, ofImage: Local, ofRow: Local, ofPixel: Local): Code =>
      i32.add(i32.add(start, i32.mul(image, ofImage)), i32.add(i32.mul(row, ofRow), i32.mul(pixel, ofPixel)));
    const pixelTable = forRange(
      index,
      0,
      count,
      sequence(
        pixel.set(i32.add(first, index)),
        row.set(i32.div(pixel, given.columns)),
        pixel.set(i32.sub(pixel, i32.mul(row, given.columns))),
        image.set(i32.div(row, given.rows)),
        row.set(i32.sub(row, i32.mul(image, given.rows))),
        entry.set(i32.add(table, i32.shl(index, 3))),
        i32.store(entry, address(given.source, given.sourceImage, given.sourceRow, given.sourcePixel), 0),
        i32.store(entry, address(given.target, given.targetImage, given.targetRow, given.targetPixel), 4),
      ),
    );
    const tile = (callee: Callee): Code =>
      call(
        callee,
        i32.add(table, i32.shl(index, 3)),
        ...[offset, tapRows, advance, runHere, b, bStep, i32.shl(panel, 5), columns, kOffset, spill],
      );
    const onePanel = sequence(
      when(
        i32.lt(panel, given.directPanels),
        sequence(
          bStep.set(given.directStep),
          b.set(i32.add(i32.add(given.direct, i32.shl(panel, 5)), i32.mul(kOffset, bStep))),
        ),
        sequence(
          bStep.set(4 * TILE_COLUMNS),
          b.set(i32.add(i32.add(given.packed, i32.mul(panel, given.packedPanel)), i32.shl(kOffset, 5))),
        ),
      ),
      columns.set(i32.sub(given.outputs, i32.shl(panel, 3))),
      columns.set(i32.select(columns, TILE_COLUMNS, i32.lt(columns, TILE_COLUMNS))),
      forRange(index, 0, i32.and(count, -TILE_ROWS), tile(wholeTile), TILE_ROWS),
      forRange(index, i32.and(count, -TILE_ROWS), count, tile(singleTile)),
    );
    const thisBatch = sequence(
      index.set(i32.div(task, given.batchTasks)),
      task.increase(i32.mul(i32.sub(0, index), given.batchTasks)),
      given.source.increase(i32.mul(index, given.sourceBatch)),
      given.target.increase(i32.mul(index, given.targetBatch)),
      given.packed.increase(i32.mul(index, given.packedBatch)),
      given.direct.increase(i32.mul(index, given.directBatch)),
    );
    return sequence(
      load,
      thisBatch,
      first.set(i32.mul(i32.div(task, given.panelTasks), given.blockPixels)),
      count.set(minimum(given.blockPixels, i32.sub(given.pixels, first))),
      panel.set(i32.mul(i32.rem(task, given.panelTasks), given.taskPanels)),
      panelEnd.set(i32.add(panel, given.taskPanels)),
      index.set(i32.shr(i32.add(given.outputs, TILE_COLUMNS - 1), 3)),
      panelEnd.set(i32.select(panelEnd, index, i32.lt(panelEnd, index))),
      spill.set(i32.add(given.scratch, i32.mul(thread, given.scratchThread))),
      table.set(i32.add(spill, ROW_PRODUCT_SPILL)),
      pixelTable,
      forRange(
        tapRow,
        0,
        given.tapRows,
        sequence(
          forRange(
            run,
            0,
            given.run,
            sequence(
              runHere.set(minimum(given.blockRun, i32.sub(given.run, run))),
              kOffset.set(i32.add(i32.mul(tapRow, given.run), run)),
              offset.set(i32.add(i32.mul(tapRow, given.sourceTapRow), i32.shl(run, 2))),
              advance.set(i32.sub(given.sourceTapRow, i32.shl(runHere, 2))),
              tapRows.set(minimum(given.blockTapRows, i32.sub(given.tapRows, tapRow))),
              forRange(panel, i32.mul(i32.rem(task, given.panelTasks), given.taskPanels), panelEnd, onePanel),
            ),
            given.blockRun,
          ),
        ),
        given.blockTapRows,
      ),
    );
  });
}
