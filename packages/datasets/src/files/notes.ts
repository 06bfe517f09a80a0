/** What a reader changed or ignored, one line each, naming the file; absent if there is nothing. */
export interface Noted {
  readonly notes?: readonly string[];
}

/** The lines, if there are any. */
export function noted(...lines: readonly (readonly string[] | undefined)[]): Noted {
  const notes = lines.flatMap((some) => some ?? []);
  return notes.length === 0 ? {} : { notes };
}

const turns = [
  '', 'upright', 'mirrored', 'turned by 180 degrees', 'upside down', 'mirrored and turned', 'turned by 90 degrees', 'mirrored and turned', 'turned by 270 degrees',
]; // prettier-ignore

/** The note that an orientation tag was ignored; no note for upright files. */
export function orientationNotes(path: string, orientation: number): string[] {
  if (orientation === 1 || turns.at(orientation) === undefined || orientation < 1) return [];
  return [
    `${path} has orientation ${orientation} (${turns[orientation]}), which is not applied; labels from a program that applies it lie across; turn the pixels themselves`,
  ];
}

/** The note that pixels without a finite value count as background. */
export function notFiniteNotes(path: string, count: number): string[] {
  if (count === 0) return [];
  const are = count === 1 ? '1 pixel is not a finite number (NaN or infinite) and counts' : `${count} pixels are not finite numbers (NaN or infinite) and count`; // prettier-ignore
  return [`${path}: ${are} as background`];
}
