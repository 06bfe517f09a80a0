import type { DatasetSurvey, LabelledImage, Problem } from '@pffnet/datasets';

/** Most pictures on a page. */
const PICTURES = 12;

/** Images for a page: up to two of every warning first, then others evenly from the whole set. */
export function picturedImages(
  listed: readonly LabelledImage[],
  { images: read }: DatasetSurvey,
  problems: readonly Problem[],
): LabelledImage[] {
  const names = read.map(({ name }) => name);
  const faulty = problems.filter(({ severity }) => severity === 'warning').flatMap(({ images }) => images.slice(0, 2));
  const step = Math.max(1, names.length / PICTURES);
  const spread = Array.from(
    { length: Math.min(PICTURES, names.length) },
    (_, index) => names[Math.floor(index * step)],
  );
  const shown = new Set([...faulty, ...spread].slice(0, PICTURES));
  return listed.filter(({ name }) => shown.has(name) && names.includes(name));
}
