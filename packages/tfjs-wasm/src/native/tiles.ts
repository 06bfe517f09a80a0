import { type Code, code, doWhile, f32, f32x4, forRange, i32, type Local, sequence, when } from '../assembler/code.ts';
import { type Callee, type Declare, type ModuleBuilder } from '../assembler/module-builder.ts';

/** Columns of a tile of the product, and of a panel of its right factor: two vectors. */
export const TILE_COLUMNS = 8;
/** Rows of a tile: 4 x 8 sums, and the numbers that feed them, fit the 16 vector registers of the smallest machine. */
export const TILE_ROWS = 4;

type Accumulators = readonly (readonly [Local, Local])[];

const accumulators = (declare: Declare, rows: number): Accumulators =>
  Array.from({ length: rows }, () => [declare('v128'), declare('v128')] as const);

/** Adds (column of `rows` numbers) x (row of 8 numbers at `b`) to the sums. */
function multiplyAdd(declare: Declare, sums: Accumulators, b: Local, left: (row: number) => Code): Code {
  const [low, high, factor] = [declare('v128'), declare('v128'), declare('v128')];
  return sequence(
    low.set(f32x4.load(b, 0)),
    high.set(f32x4.load(b, 16)),
    ...sums.map(([first, second], row) =>
      sequence(
        factor.set(left(row)),
        first.set(f32x4.add(first, f32x4.mul(factor, low))),
        second.set(f32x4.add(second, f32x4.mul(factor, high))),
      ),
    ),
  );
}

/** Writes one row of sums, whole or only its first `columns`, over or onto what is there. */
function storeRow(
  declare: Declare,
  [first, second]: readonly [Local, Local],
  target: Local,
  { columns, accumulate, spill }: { readonly columns: Local; readonly accumulate: Local; readonly spill: Local },
): Code {
  const offset = declare('i32');
  const value = declare('f32');
  const at = i32.add(target, offset);
  return when(
    i32.eq(columns, TILE_COLUMNS),
    sequence(
      when(
        accumulate,
        sequence(
          first.set(f32x4.add(first, f32x4.load(target, 0))),
          second.set(f32x4.add(second, f32x4.load(target, 16))),
        ),
      ),
      f32x4.store(target, first, 0),
      f32x4.store(target, second, 16),
    ),
    sequence(
      f32x4.store(spill, first, 0),
      f32x4.store(spill, second, 16),
      forRange(
        offset,
        0,
        i32.shl(columns, 2),
        sequence(
          value.set(f32.load(i32.add(spill, offset))),
          when(accumulate, value.set(f32.add(value, f32.load(at)))),
          f32.store(at, value),
        ),
        4,
      ),
    ),
  );
}

/**
 * A tile of A B whose left rows lie anywhere: row r of A is `tapRows` runs of `run` numbers, `tapAdvance` bytes between
 * the end of one and the start of the next. `entry` points to pairs (address of A's row, address of the product's row).
 */
export function rowTile(module: ModuleBuilder, rows: number): Callee {
  return module.func(
    `rowTile${rows}`,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    (declare, entry, offset, tapRows, tapAdvance, run, b, bStep, columnOffset, columns, accumulate, spill) => {
      const sums = accumulators(declare, rows);
      const left = sums.map(() => declare('i32'));
      const target = declare('i32');
      const rest = declare('i32');
      return sequence(
        ...left.map((address, row) => address.set(i32.add(i32.load(entry, 8 * row), offset))),
        doWhile(
          sequence(
            rest.set(run),
            doWhile(
              sequence(
                multiplyAdd(declare, sums, b, (row) => f32x4.loadSplat(left[row])),
                ...left.map((address) => address.increase(4)),
                b.increase(bStep),
                rest.increase(-1),
              ),
              rest,
            ),
            ...left.map((address) => address.increase(tapAdvance)),
            tapRows.increase(-1),
          ),
          tapRows,
        ),
        ...sums.map((sum, row) =>
          sequence(
            target.set(i32.add(i32.load(entry, 8 * row + 4), columnOffset)),
            storeRow(declare, sum, target, { columns, accumulate, spill }),
          ),
        ),
      );
    },
  );
}

/**
 * A tile of A^T B, both in panels: the sums over images, rows and columns of (4 numbers at `a`) x (8 numbers at `b`).
 * The skips are what to add at the end of a row and of an image.
 */
export function pixelTile(module: ModuleBuilder): Callee {
  return module.func(
    'pixelTile',
    [
      ...(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const),
      ...(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const),
    ],
    (
      declare,
      a,
      b,
      images,
      rows,
      columns,
      aStep,
      aRowSkip,
      aImageSkip,
      bRowSkip,
      bImageSkip,
      target,
      targetStride,
      tileRows,
      tileColumns,
      accumulateAndSpill,
    ) => {
      const sums = accumulators(declare, TILE_ROWS);
      const [row, column, spill, accumulate] = [declare('i32'), declare('i32'), declare('i32'), declare('i32')];
      return sequence(
        accumulate.set(i32.and(accumulateAndSpill, 1)),
        spill.set(i32.sub(accumulateAndSpill, accumulate)),
        doWhile(
          sequence(
            row.set(code(rows)),
            doWhile(
              sequence(
                column.set(code(columns)),
                doWhile(
                  sequence(
                    multiplyAdd(declare, sums, b, (index) => f32x4.loadSplat(a, 4 * index)),
                    a.increase(aStep),
                    b.increase(4 * TILE_COLUMNS),
                    column.increase(-1),
                  ),
                  column,
                ),
                a.increase(aRowSkip),
                b.increase(bRowSkip),
                row.increase(-1),
              ),
              row,
            ),
            a.increase(aImageSkip),
            b.increase(bImageSkip),
            images.increase(-1),
          ),
          images,
        ),
        ...sums.map((sum, index) =>
          when(
            i32.lt(index, tileRows),
            sequence(
              storeRow(declare, sum, target, { columns: tileColumns, accumulate, spill }),
              target.increase(targetStride),
            ),
          ),
        ),
      );
    },
  );
}
