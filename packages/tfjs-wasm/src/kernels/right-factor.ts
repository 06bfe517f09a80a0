import { FLOAT } from './convolution.ts';
import { BYTES_PER_MICROSECOND, type NativeEngine } from '../native/native-engine.ts';
import { packPanels } from './pack-panels.ts';
import { TASK_BYTES } from './with-padding.ts';

/** Columns of a panel of the right factor. */
export const PANEL = 8;
const PANEL_BYTES = PANEL * FLOAT;

/** The right factor of a row product: its first panels where they lie, the others packed. */
export interface RightFactor {
  readonly packed: number;
  readonly packedBatch: number;
  readonly packedPanel: number;
  readonly direct: number;
  readonly directBatch: number;
  readonly directStep: number;
  readonly directPanels: number;
}

/** For fewer rows of the left factor, packing the right one costs more than it saves. */
const FEW_ROWS = 24;

/** Matrices [k][n] in the heap, one after the other, about to be multiplied from the left with a matrix of `leftRows` rows. */
export interface Matrix {
  readonly source: number;
  readonly batch: number;
  readonly k: number;
  readonly n: number;
  readonly leftRows: number;
}

/** Gives `use` matrices as right factors. */
export function withRightFactor(
  native: NativeEngine,
  { source, batch, k, n, leftRows }: Matrix,
  use: (right: RightFactor) => void,
): void {
  const directPanels = leftRows < FEW_ROWS ? Math.floor(n / PANEL) : 0;
  const packedPanels = Math.ceil(n / PANEL) - directPanels;
  const packedBatch = k * PANEL_BYTES;
  const packedPanel = batch * packedBatch;
  native.withScratch(packedPanels * packedPanel, (target) => {
    if (packedPanels > 0) {
      packPanels(native, 'packPanels8', {
        ...{ source: source + directPanels * PANEL_BYTES, channels: n - directPanels * PANEL, pixelChannels: n },
        ...{ images: batch, rows: 1, columns: k, padTop: 0, padLeft: 0, paddedRows: 1, paddedColumns: k },
        ...{ target, targetPanel: packedPanel },
      });
    }
    const packed = target - directPanels * packedPanel;
    const directBatch = k * n * FLOAT;
    use({ packed, packedBatch, packedPanel, direct: source, directBatch, directStep: n * FLOAT, directPanels });
  });
}

/** Matrices [n][k] in the heap, one per tap: one right factor [taps * k][n], or a batch of them, one per tap. */
export interface TransposedMatrices {
  readonly source: number;
  readonly tapRows: number;
  readonly tapColumns: number;
  /** Bytes from one row of taps to the next, and from one tap to the next; may be negative. */
  readonly sourceTapRow: number;
  readonly sourceTapColumn: number;
  readonly k: number;
  readonly n: number;
}

const NOTHING_DIRECT = { direct: 0, directBatch: 0, directStep: 0, directPanels: 0 } as const;

/** Gives `use` transposed matrices as right factor. */
export function withTransposedRightFactor(
  native: NativeEngine,
  { source, tapRows, tapColumns, sourceTapRow, sourceTapColumn, k, n }: TransposedMatrices,
  use: (right: RightFactor) => void,
): void {
  const taps = tapRows * tapColumns;
  const panels = Math.ceil(n / PANEL);
  const packedPanel = taps * k * PANEL_BYTES;
  native.withScratch(panels * packedPanel, (packed) => {
    const taskPanels = Math.min(panels, Math.ceil(TASK_BYTES / (k * PANEL_BYTES)));
    const panelTasks = Math.ceil(panels / taskPanels);
    const work = { tasks: taps * panelTasks, microseconds: (panels * packedPanel) / BYTES_PER_MICROSECOND };
    native.share('packTransposed', work, {
      ...{ source, sourceTapRow, sourceTapColumn, tapColumns, n, k },
      ...{ target: packed, targetPanel: packedPanel, taskPanels, panelTasks },
    });
    use({ packed, packedBatch: k * PANEL_BYTES, packedPanel, ...NOTHING_DIRECT });
  });
}
