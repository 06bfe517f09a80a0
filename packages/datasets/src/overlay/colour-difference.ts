/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Lightness, green to red and blue to yellow of CIELAB. */
type Lab = readonly [lightness: number, a: number, b: number];

/**
 * How far apart two colours look: the CIE 1976 difference, the distance in CIELAB of sRGB colours under D65.
 * @returns 0 for equal colours, about 2 for a difference that is just visible, 100 between black and white.
 */
export function colourDifference(one: Colour, other: Colour): number {
  const [l1, a1, b1] = labOf(one);
  const [l2, a2, b2] = labOf(other);
  return Math.hypot(l1 - l2, a1 - a2, b1 - b2);
}

function labOf(colour: Colour): Lab {
  const [red, green, blue] = colour.map(linear);
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The light of an sRGB channel, 0..1. */
function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

const curve = (part: number): number => (part > (6 / 29) ** 3 ? Math.cbrt(part) : part / (3 * (6 / 29) ** 2) + 4 / 29);
