/** Text, axes and the outlines of bars. */
export const ink = '#1c2330';

/** Remarks and captions. */
export const muted = '#5a6475';

/** Lines for the eye to follow, such as the diagonal of equal values. */
export const guide = '#8a94a6';

/** Borders between rows, and stronger ones between groups. */
export const border = '#e3e7ee';
export const strongBorder = '#c9d1de';

/** Ground of a page, and of rows that stand out: the main one, and one that was added. */
export const ground = '#ffffff';
export const mainGround = '#eef4fc';
export const addedGround = '#fbf7ee';

/** The figure that a page is about, and values that are not there. */
export const highlight = '#1d5fa8';
export const absent = '#aab2bf';

/** A warning: its ground, its edge, and text on that ground. */
export const warning = { ground: '#fdf1d8', edge: '#d9982b', ink: '#8a5a00' } as const;

/** The red channel of images; green and blue are among {@link chartColours}. */
export const redChannel = '#c23b32';

/** Series of a chart, in their order; the second eight are the paler ones of the first. */
export const chartColours: readonly string[] = [
  ...['#2f5fb3', '#c2571a', '#3d8b53', '#7a4ea3', '#b3423f', '#17a2a2', '#8a6d1f', '#4c4c4c'],
  ...['#7fb2f0', '#f0a35e', '#8fd19e', '#c9a0dc', '#f08fa0', '#5d8aa8', '#d4b81c', '#a6a6a6'],
];

/**
 * Colours that colour-blind people tell apart too.
 * @remarks Source: Okabe and Ito 2008, "Color Universal Design".
 */
export const universalColours = {
  blue: '#0072b2',
  vermilion: '#d55e00',
  green: '#009e73',
  purple: '#cc79a7',
  orange: '#e69f00',
  skyBlue: '#56b4e9',
  yellow: '#f0e442',
} as const;
