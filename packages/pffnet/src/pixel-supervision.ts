import type { Size } from '@pffnet/structures';
import type { PanopticTruth } from './panoptic-truth.ts';

/** What pixels should be, of one image in one step. */
export interface PixelSupervision {
  /** [h * w] 1 where an object is. */
  readonly foreground: Uint8Array;
  /** A share of the true objects, and whose each cell of P2 is; called once per step. */
  choosePanoptic(size: Size, keep: number): PanopticTruth;
}
