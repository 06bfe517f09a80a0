import fc from 'fast-check';
import type { Sample } from '../src/sample.ts';

/** A sample whose colours are made from its ids, so that every pixel shows whether image and labels still agree. */
export function tiedSample(height: number, width: number, ids: ArrayLike<number>, name = 'tied'): Sample {
  const data = Uint32Array.from(ids);
  const colours = new Float32Array(data.length * 3);
  data.forEach((id, pixel) => colours.set(colourOf(id), pixel * 3));
  return { name, image: { height, width, data: colours }, labels: { height, width, data } };
}

/** @returns whether every pixel has the colour of its id. */
export function isTied({ image, labels }: Sample): boolean {
  return (
    image.height === labels.height &&
    image.width === labels.width &&
    image.data.length === labels.data.length * 3 &&
    labels.data.every((id, pixel) => colourOf(id).every((value, channel) => image.data[pixel * 3 + channel] === value))
  );
}

/** Any tied sample up to `side` pixels high and wide. */
export function anySample(side = 9): fc.Arbitrary<Sample> {
  return fc
    .tuple(fc.integer({ min: 1, max: side }), fc.integer({ min: 1, max: side }))
    .chain(([height, width]) =>
      fc
        .array(fc.integer({ min: 0, max: 200 }), { minLength: height * width, maxLength: height * width })
        .map((ids) => tiedSample(height, width, ids)),
    );
}

function colourOf(id: number): [number, number, number] {
  return [id, 255 - id, (id * 7) % 256];
}
