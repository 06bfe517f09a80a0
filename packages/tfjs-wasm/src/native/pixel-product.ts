import { type Code, forRange, i32, type Local, sequence } from '../assembler/code.ts';
import { call, type Callee, type ModuleBuilder } from '../assembler/module-builder.ts';
import { loadFields } from './struct.ts';
import { pixelTile, TILE_COLUMNS, TILE_ROWS } from './tiles.ts';

/**
 * Arguments of {@link pixelProduct}. Strides and addresses are in bytes; the others count.
 * A is in panels of 4 columns, B in panels of 8; each panel holds images of rows of pixels.
 */
export const pixelProductFields = [
  ...(['a', 'aPanel', 'aImage', 'aRow', 'aPixel', 'aTapRow', 'aTapColumn', 'tapRows', 'tapColumns'] as const),
  ...(['b', 'bPanel', 'bImage', 'bRow', 'images', 'rows', 'columns'] as const),
  /** The target is [tapRows][tapColumns][m][n]. */
  ...(['target', 'm', 'n', 'blockImages', 'blockRows', 'blockColumns'] as const),
  /** Products of the same size, one after the other: steps from one to the next, and tasks of one. */
  ...(['batchTasks', 'aBatch', 'bBatch', 'targetBatch'] as const),
  ...(['mTaskPanels', 'nTaskPanels', 'nTasks', 'scratch', 'scratchThread'] as const),
] as const;

const minimum = (a: Local | number, b: Code | Local): Code => i32.select(a, b, i32.lt(a, b));

/** The product A^T B, for every shift of A by a tap: gradients of convolution kernels, products with a transposed left factor. */
export function pixelProduct(module: ModuleBuilder): Callee {
  const tile = pixelTile(module);
  return module.func('pixelProduct', ['i32', 'i32', 'i32'], (declare, args, task, thread) => {
    const { values: given, load } = loadFields(declare, args, pixelProductFields);
    const local = (): Local => declare('i32');
    const [image, row, column, images, rows, columns] = [local(), local(), local(), local(), local(), local()];
    const [mPanel, mFirst, mEnd, nPanel, nFirst, nEnd] = [local(), local(), local(), local(), local(), local()];
    const [tapRow, tapColumn, a, b, spill, accumulate] = [local(), local(), local(), local(), local(), local()];
    const [aRowSkip, aImageSkip, bRowSkip, bImageSkip, limit] = [local(), local(), local(), local(), local()];

    const tapIndex = i32.add(i32.mul(tapRow, given.tapColumns), tapColumn);
    const targetRow = i32.add(i32.mul(tapIndex, given.m), i32.shl(mPanel, 2));
    const oneTile = call(
      tile,
      i32.add(a, i32.add(i32.mul(tapRow, given.aTapRow), i32.mul(tapColumn, given.aTapColumn))),
      ...[b, images, rows, columns, given.aPixel, aRowSkip, aImageSkip, bRowSkip, bImageSkip],
      i32.add(given.target, i32.shl(i32.add(i32.mul(targetRow, given.n), i32.shl(nPanel, 3)), 2)),
      i32.shl(given.n, 2),
      minimum(TILE_ROWS, i32.sub(given.m, i32.shl(mPanel, 2))),
      minimum(TILE_COLUMNS, i32.sub(given.n, i32.shl(nPanel, 3))),
      i32.add(spill, accumulate),
    );
    const start = (base: Local, panel: Local, ofPanel: Local, ofImage: Local, ofRow: Local, columnBytes: Code): Code =>
      i32.add(
        i32.add(i32.add(base, i32.mul(panel, ofPanel)), i32.mul(image, ofImage)),
        i32.add(i32.mul(row, ofRow), columnBytes),
      );
    const oneBlock = sequence(
      images.set(minimum(given.blockImages, i32.sub(given.images, image))),
      rows.set(minimum(given.blockRows, i32.sub(given.rows, row))),
      columns.set(minimum(given.blockColumns, i32.sub(given.columns, column))),
      accumulate.set(i32.ne(i32.or(i32.or(image, row), column), 0)),
      aRowSkip.set(i32.sub(given.aRow, i32.mul(columns, given.aPixel))),
      aImageSkip.set(i32.sub(given.aImage, i32.mul(rows, given.aRow))),
      bRowSkip.set(i32.sub(given.bRow, i32.shl(columns, 5))),
      bImageSkip.set(i32.sub(given.bImage, i32.mul(rows, given.bRow))),
      forRange(
        nPanel,
        nFirst,
        nEnd,
        sequence(
          b.set(start(given.b, nPanel, given.bPanel, given.bImage, given.bRow, i32.shl(column, 5))),
          forRange(
            mPanel,
            mFirst,
            mEnd,
            sequence(
              a.set(start(given.a, mPanel, given.aPanel, given.aImage, given.aRow, i32.mul(column, given.aPixel))),
              forRange(tapRow, 0, given.tapRows, forRange(tapColumn, 0, given.tapColumns, oneTile)),
            ),
          ),
        ),
      ),
    );
    const panelRange = (from: Local, to: Local, group: Code, size: Local, panels: Code): Code =>
      sequence(
        from.set(i32.mul(group, size)),
        to.set(i32.add(from, size)),
        limit.set(panels),
        to.set(minimum(to, limit)),
      );
    const thisBatch = sequence(
      limit.set(i32.div(task, given.batchTasks)),
      task.increase(i32.mul(i32.sub(0, limit), given.batchTasks)),
      given.a.increase(i32.mul(limit, given.aBatch)),
      given.b.increase(i32.mul(limit, given.bBatch)),
      given.target.increase(i32.mul(limit, given.targetBatch)),
    );
    return sequence(
      load,
      thisBatch,
      spill.set(i32.add(given.scratch, i32.mul(thread, given.scratchThread))),
      panelRange(mFirst, mEnd, i32.div(task, given.nTasks), given.mTaskPanels, i32.shr(i32.add(given.m, 3), 2)),
      panelRange(nFirst, nEnd, i32.rem(task, given.nTasks), given.nTaskPanels, i32.shr(i32.add(given.n, 7), 3)),
      forRange(
        image,
        0,
        given.images,
        forRange(row, 0, given.rows, forRange(column, 0, given.columns, oneBlock, given.blockColumns), given.blockRows),
        given.blockImages,
      ),
    );
  });
}
