import type { RandomStream, RgbImage } from '@pffnet/structures';

/** How far the stains of an image may move. */
export interface StainJitter {
  /** Each stain's density is multiplied by 1 + a, a drawn evenly from -scale..scale. */
  readonly scale: number;
  /** And raised by b, drawn evenly from -shift..shift, in units of optical density. */
  readonly shift: number;
}

/** Optical density of red, green and blue that a unit of haematoxylin, eosin and DAB adds (Ruifrok and Johnston 2001). */
const stains = [
  [0.65, 0.7, 0.29],
  [0.07, 0.99, 0.11],
  [0.27, 0.57, 0.78],
] as const;

/** The densities of the three stains that make up a unit of red, green and blue: the inverse of `stains`. */
const unmix = inverse(stains);

/**
 * Stains a slide a little differently, as another laboratory would: the optical density -ln((v + 1) / 256) of each pixel is
 * split into haematoxylin, eosin and DAB, each is scaled and shifted by numbers drawn once per image, and the sum is turned
 * back into light. For stained tissue in colour: a grey image would become coloured.
 * @returns an image of the same size, values 0..255; at scale and shift 0 it differs from the image by rounding alone.
 * @remarks Source: Tellez et al. 2018, "Whole-slide mitosis detection in H&E breast histology", section II-B;
 * docs/sources.md, "Where we follow neither".
 */
export function stainJitter(image: RgbImage, { scale, shift }: StainJitter, stream: RandomStream): RgbImage {
  const draw = (limit: number): number => limit * (2 * stream.uniform() - 1);
  const changes = stains.map(() => ({ factor: 1 + draw(scale), added: draw(shift) }));
  // All of it is one affine map of densities: unmix, scale, shift, mix again.
  const matrix = unmix.map((row) =>
    [0, 1, 2].map((to) => row.reduce((sum, part, stain) => sum + part * changes[stain].factor * stains[stain][to], 0)),
  );
  const offset = [0, 1, 2].map((to) => changes.reduce((sum, { added }, stain) => sum + added * stains[stain][to], 0));
  const { height, width, data } = image;
  const jittered = new Float32Array(data.length);
  const density = [0, 0, 0];
  for (let at = 0; at < data.length; at += 3) {
    for (let channel = 0; channel < 3; channel++) density[channel] = -Math.log((data[at + channel] + 1) / 256);
    for (let to = 0; to < 3; to++) {
      const sum = density[0] * matrix[0][to] + density[1] * matrix[1][to] + density[2] * matrix[2][to] + offset[to];
      jittered[at + to] = Math.min(255, Math.max(0, 256 * Math.exp(-sum) - 1));
    }
  }
  return { height, width, data: jittered };
}

/** Of a 3 x 3 matrix, by cofactors. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const cofactor = (row: number, column: number): number => {
    const [a, b] = [(row + 1) % 3, (row + 2) % 3];
    const [c, d] = [(column + 1) % 3, (column + 2) % 3];
    return matrix[a][c] * matrix[b][d] - matrix[a][d] * matrix[b][c];
  };
  const determinant = [0, 1, 2].reduce((sum, column) => sum + matrix[0][column] * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
