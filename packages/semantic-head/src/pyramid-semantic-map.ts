import {
  add,
  conv2d as convolve,
  reshape,
  tensor4d,
  type Tensor4D,
  tidy,
  transpose,
  type Variable,
} from '@tensorflow/tfjs-core';
import {
  assertShape,
  constant,
  initialLogitsKernel,
  type InitialOutputs,
  kaimingUniform,
  type ParamScope,
} from '@pffnet/tensor-ops';

const CLASSES = 2;
const STRIDE = 4;
const TAPS = 9;

/** Both classes alike, so that it says nothing; above 0, so that the ReLU behind the map lets both through. */
const INFORMED_BIAS = 0.1;

/** What the wiring knows about P2. */
export interface PyramidSemanticMapSpec {
  readonly pyramidChannels: number;
  /** Where the map starts; `published` by default. */
  readonly initialOutputs?: InitialOutputs;
}

/**
 * The semantic map that instance masks are fused into, read from P2: F0 = conv3x3(nearest4(P2)) + bias.
 *
 * The enlarged P2 is never made. Each of the nine taps is projected at P2's own size (18 channels), and every output
 * pixel adds up those taps of its 3x3 neighbourhood of P2 cells that the enlarged map would have shown it.
 *
 * Parameters: `kernel` [3, 3, c, 2] and `bias` [2], those of the plain form.
 * @remarks Source: PFFNet, Fig. 2; no norm, as in the released code (sources.md row 25).
 */
export class PyramidSemanticMap {
  readonly #channels: number;
  readonly #kernel: Variable;
  readonly #bias: Variable;

  constructor(scope: ParamScope, { pyramidChannels, initialOutputs = 'published' }: PyramidSemanticMapSpec) {
    this.#channels = pyramidChannels;
    this.#kernel = scope.param(
      'kernel',
      [3, 3, pyramidChannels, CLASSES],
      initialLogitsKernel(initialOutputs, kaimingUniform),
    );
    this.#bias = scope.param('bias', [CLASSES], constant(initialOutputs === 'published' ? 0 : INFORMED_BIAS));
  }

  /**
   * Predicts the class of every pixel.
   * @param p2 - [1, h / 4, w / 4, c] float32.
   * @returns [1, h, w, 2] logits.
   * @throws ShapeError if `p2` has other channels than the spec says or holds more than one image.
   */
  predict(p2: Tensor4D): Tensor4D {
    assertShape('predict', 'P2', p2, [1, 'h', 'w', this.#channels]);
    const [, height, width] = p2.shape;
    return tidy(() => {
      const kernel = reshape(this.#kernel, [TAPS, this.#channels, CLASSES]);
      const projection: Tensor4D = reshape(transpose(kernel, [1, 0, 2]), [1, 1, this.#channels, TAPS * CLASSES]);
      const taps = convolve(p2, projection, 1, 'valid'); // [1, h / 4, w / 4, 18]
      const phases = convolve(taps, gatherTaps(), 1, 'same'); // [1, h / 4, w / 4, 4 rows * 4 columns * 2]
      const rows = reshape(phases, [height, width, STRIDE, STRIDE * CLASSES]);
      const interleaved = transpose(rows, [0, 2, 1, 3]); // [h / 4, 4, w / 4, 4 * 2]
      return add(reshape(interleaved, [1, height * STRIDE, width * STRIDE, CLASSES]), this.#bias) as Tensor4D;
    });
  }
}

/**
 * The constant kernel [3, 3, 18, 32] that adds up taps: the pixel in row r and column q of a cell sees, through tap
 * (dy, dx), the cell floor((r + dy) / 4), floor((q + dx) / 4) away.
 */
function gatherTaps(): Tensor4D {
  const [inputs, outputs] = [TAPS * CLASSES, STRIDE * STRIDE * CLASSES];
  const values = new Float32Array(TAPS * inputs * outputs);
  for (let tap = 0; tap < TAPS; tap++) {
    const [dy, dx] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
    for (let r = 0; r < STRIDE; r++) {
      for (let q = 0; q < STRIDE; q++) {
        const cell = (Math.floor((r + dy) / STRIDE) + 1) * 3 + Math.floor((q + dx) / STRIDE) + 1;
        for (let k = 0; k < CLASSES; k++) {
          values[(cell * inputs + tap * CLASSES + k) * outputs + (r * STRIDE + q) * CLASSES + k] = 1;
        }
      }
    }
  }
  return tensor4d(values, [3, 3, inputs, outputs]);
}
