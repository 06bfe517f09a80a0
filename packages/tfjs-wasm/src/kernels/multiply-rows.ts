import { FLOAT } from './convolution.ts';
import { type NativeEngine, PRODUCTS_PER_MICROSECOND } from '../native/native-engine.ts';
import type { NativeArguments } from '../native/native-kernels.ts';
import { ROW_PRODUCT_SPILL } from '../native/row-product.ts';

/** What of the row product's arguments describes the product; the rest says how it is cut. */
export type RowProduct = Omit<
  NativeArguments<'rowProduct'>,
  'batchTasks' | 'blockPixels' | 'taskPanels' | 'panelTasks' | 'blockTapRows' | 'blockRun' | 'scratch' | 'scratchThread'
> & { readonly batch: number };

/** One product, not a batch of them. */
export const SINGLE = { batch: 1, sourceBatch: 0, targetBatch: 0, packedBatch: 0, directBatch: 0 } as const;

/** Summands per block: 8 columns of the right factor and 4 rows of the left then fit the first cache. */
const BLOCK_SUMMANDS = 640;
/** Rows per block: times BLOCK_SUMMANDS they fit the second cache. */
const BLOCK_PIXELS = 128;
/** The least number of multiplications per task; below it no other thread is woken. */
const TASK_PRODUCTS = 500_000;

/** Computes a {@link RowProduct} with every thread that it is large enough for. */
export function multiplyRows(native: NativeEngine, product: RowProduct): void {
  const { batch, pixels, outputs, tapRows, run } = product;
  const summands = tapRows * run;
  const blockTapRows = Math.max(1, Math.min(tapRows, Math.floor(BLOCK_SUMMANDS / run)));
  const blockRun = Math.min(run, BLOCK_SUMMANDS);

  const panels = Math.ceil(outputs / 8);
  const wantedTasks = Math.ceil((pixels * outputs * summands) / TASK_PRODUCTS); // of one product
  const pixelTasks = Math.min(wantedTasks, Math.ceil(pixels / BLOCK_PIXELS));
  const blockPixels = 4 * Math.ceil(pixels / pixelTasks / 4);
  const panelTasksWanted = Math.min(
    panels,
    Math.ceil(Math.min(wantedTasks, (8 * native.threads) / batch) / pixelTasks),
  );
  const taskPanels = Math.ceil(panels / panelTasksWanted);
  const panelTasks = Math.ceil(panels / taskPanels);
  const batchTasks = pixelTasks * panelTasks;

  const scratchThread = ROW_PRODUCT_SPILL + 2 * FLOAT * blockPixels;
  native.withScratch(scratchThread * native.threads, (scratch) => {
    const args = {
      ...product,
      batchTasks,
      blockPixels,
      taskPanels,
      panelTasks,
      blockTapRows,
      blockRun,
      scratch,
      scratchThread,
    };
    const microseconds = (batch * pixels * outputs * summands) / PRODUCTS_PER_MICROSECOND;
    native.share('rowProduct', { tasks: batch * batchTasks, microseconds }, args);
  });
}
