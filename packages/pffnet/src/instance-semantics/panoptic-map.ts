import { panopticLogits, panopticSchema } from '@pffnet/fusion';
import { panopticLoss } from '@pffnet/losses';
import { type Geometry, ShapeError, type Size } from '@pffnet/structures';
import { avgPool, logSumExp, reshape, slice, stack, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import type { PixelSupervision } from '../pixel-supervision.ts';
import { enlargeP2 } from './enlarge-p2.ts';
import type { InstanceSemanticsKind } from './instance-semantics-kind.ts';
import type { InstanceSemantics, LearnPixels, PlacedInstances } from './instance-semantics.ts';

/**
 * UPSNet's panoptic head: every cell of P2 goes to stuff, to one instance or to void. It has no parameters, and learns from
 * a share of the true objects: the cells of the others are void.
 * @remarks Source: Xiong et al. 2019 (UPSNet), Sections 3.2 and 3.3; sources.md row 53.
 */
export class PanopticMap implements InstanceSemantics {
  readonly needsSemanticBranch = true;
  readonly refinesBoxes = false;
  readonly order = null;
  readonly #keep: number;
  readonly #geometry: Geometry;

  /** @param keep - share of the true objects that are offered in a step, 0..1. */
  constructor(keep: number, geometry: Geometry) {
    this.#keep = keep;
    this.#geometry = geometry;
  }

  predict({ semantic, p2, maskLogits, boxes, image }: PlacedInstances): Tensor4D {
    const [, height, width] = p2.shape;
    const logits = this.#logits({ semantic, maskLogits, boxes });
    return enlargeP2(stuffAgainstThings(logits, height, width), image);
  }

  begin(supervision: PixelSupervision, p2: Size): LearnPixels {
    const { boxes, target } = supervision.choosePanoptic(p2, this.#keep);
    return ({ semantic, maskLogitsIn }) => {
      const logits = this.#logits({ semantic, maskLogits: maskLogitsIn(boxes), boxes });
      return { panoptic: panopticLoss({ logits, target }) };
    };
  }

  #logits({ semantic, ...masks }: Pick<PlacedInstances, 'semantic' | 'maskLogits' | 'boxes'>): Tensor2D {
    if (semantic === null) throw new ShapeError('PanopticMap: expected semantic logits, got none');
    const onP2: Tensor4D = avgPool(semantic, 4, 4, 'valid'); // the mean of the pixels of each cell
    return panopticLogits({ semantic: onP2, ...masks, geometry: this.#geometry });
  }
}

/** [n + 2, h * w] logits of stuff, instances and void -> [1, h, w, 2] of stuff and any instance. */
function stuffAgainstThings(logits: Tensor2D, height: number, width: number): Tensor4D {
  const [channels, cells] = logits.shape;
  const stuff = slice(logits, [0, 0], [1, cells]);
  const things = channels === 2 ? slice(logits, [1, 0], [1, cells]) : slice(logits, [1, 0], [channels - 2, cells]);
  return reshape(stack([reshape(stuff, [cells]), logSumExp(things, 0)], 1), [1, height, width, 2]);
}

/** Every pixel goes to stuff, to one instance or to void. */
export const panoptic = {
  schema: panopticSchema,
  decidesLabelMaps: false,
  create: (_, { keep }: Readonly<z.infer<typeof panopticSchema>>, { geometry }) => new PanopticMap(keep, geometry),
  terms: ({ weight }: Readonly<z.infer<typeof panopticSchema>>) => [
    { name: 'panoptic', weight, symbol: 'panoptic', meaning: 'pixels to stuff, instances and void' },
  ],
} satisfies InstanceSemanticsKind;
