import { FLOAT } from './convolution.ts';
import { type NativeEngine, PRODUCTS_PER_MICROSECOND } from '../native/native-engine.ts';
import { packPanels } from './pack-panels.ts';

/**
 * target[tap row][tap column][m][n] = sum over images, rows and columns of
 * left[image][row * rowStride + tap row - padTop][column * columnStride + tap column - padLeft][m] * right[image][row][column][n],
 * where left is zero outside its images; `batch` such products of matrices that follow each other. Addresses are in bytes.
 */
export interface PixelProduct {
  readonly left: number;
  readonly right: number;
  readonly target: number;
  readonly batch: number;
  /** How many left and right factors there are: `batch`, or 1 that serves all. */
  readonly leftBatch: number;
  readonly rightBatch: number;
  /** Images of one product. */
  readonly images: number;
  readonly leftRows: number;
  readonly leftColumns: number;
  readonly m: number;
  readonly n: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly rows: number;
  readonly columns: number;
  readonly tapRows: number;
  readonly tapColumns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

const LEFT_PANEL = 4;
const RIGHT_PANEL = 8;
/** Pixels per block: a panel of either factor then fits the first cache. */
const BLOCK_PIXELS = 512;
/** Multiplications that one task should have. */
const TASK_PRODUCTS = 500_000;
const SPILL = 64;

/** Computes a {@link PixelProduct} with every thread that it is large enough for. */
export function multiplyPixels(native: NativeEngine, product: PixelProduct): void {
  const { batch, images, m, n, rows, columns, tapRows, tapColumns, rowStride, columnStride } = product;
  const paddedRows = Math.max(product.leftRows + product.padTop, (rows - 1) * rowStride + tapRows);
  const paddedColumns = Math.max(product.leftColumns + product.padLeft, (columns - 1) * columnStride + tapColumns);
  const mPanels = Math.ceil(m / LEFT_PANEL);
  const nPanels = Math.ceil(n / RIGHT_PANEL);
  const leftPixel = LEFT_PANEL * FLOAT;
  const leftRow = paddedColumns * leftPixel;
  const aBatch = images * paddedRows * leftRow;
  const aPanel = product.leftBatch * aBatch;
  const bRow = columns * RIGHT_PANEL * FLOAT;
  const bBatch = images * rows * bRow;
  const bPanel = product.rightBatch * bBatch;

  const blockColumns = Math.min(columns, BLOCK_PIXELS);
  const blockRows = Math.max(1, Math.min(rows, Math.floor(BLOCK_PIXELS / columns)));
  const blockImages = blockRows < rows ? 1 : Math.max(1, Math.min(images, Math.floor(BLOCK_PIXELS / (rows * columns))));

  const products = batch * images * rows * columns * tapRows * tapColumns * m * n;
  const wantedTasks = Math.ceil(Math.min(8 * native.threads, products / TASK_PRODUCTS) / batch); // of one product
  const mTaskPanels = Math.ceil(mPanels / Math.min(mPanels, wantedTasks));
  const mTasks = Math.ceil(mPanels / mTaskPanels);
  const nTaskPanels = Math.ceil(nPanels / Math.min(nPanels, Math.ceil(wantedTasks / mTasks)));
  const nTasks = Math.ceil(nPanels / nTaskPanels);

  native.withScratch(mPanels * aPanel + nPanels * bPanel + SPILL * native.threads, (a) => {
    const b = a + mPanels * aPanel;
    const scratch = b + nPanels * bPanel;
    packPanels(native, 'packPanels4', {
      ...{ source: product.left, channels: m, images: product.leftBatch * images, target: a, targetPanel: aPanel },
      ...{ rows: product.leftRows, columns: product.leftColumns, padTop: product.padTop, padLeft: product.padLeft },
      ...{ paddedRows, paddedColumns },
    });
    packPanels(native, 'packPanels8', {
      ...{ source: product.right, channels: n, images: product.rightBatch * images, target: b, targetPanel: bPanel },
      ...{ rows, columns, padTop: 0, padLeft: 0, paddedRows: rows, paddedColumns: columns },
    });
    const work = { tasks: batch * mTasks * nTasks, microseconds: products / PRODUCTS_PER_MICROSECOND };
    native.share('pixelProduct', work, {
      ...{ a, aPanel, aBatch: product.leftBatch === 1 ? 0 : aBatch, aImage: paddedRows * leftRow },
      ...{ aRow: rowStride * leftRow, aPixel: columnStride * leftPixel, aTapRow: leftRow, aTapColumn: leftPixel },
      ...{ b, bPanel, bBatch: product.rightBatch === 1 ? 0 : bBatch, bImage: rows * bRow, bRow },
      ...{ tapRows, tapColumns, images, rows, columns, blockImages, blockRows, blockColumns },
      ...{ target: product.target, targetBatch: tapRows * tapColumns * m * n * FLOAT, m, n },
      ...{ batchTasks: mTasks * nTasks, mTaskPanels, nTaskPanels, nTasks, scratch, scratchThread: SPILL },
    });
  });
}
