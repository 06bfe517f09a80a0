/** The parts of the network whose gradients are watched side by side, and where their parameters live. */
const prefixes = {
  trunk: ['backbone/'],
  detector: ['instance/rpn/', 'instance/box/', 'instance/mask/'],
  semantic: ['semantic/'],
  fusion: ['map/', 'fusion/', 'ranking/'],
  quality: ['instance/quality/'],
} as const;

/**
 * Sorts parameters by the part of the network that they belong to.
 * @param paths - parameter paths, such as `instance/box/logits/kernel`.
 * @returns the paths of each part that has any: trunk, detector, semantic, fusion, quality. Every path is in one part,
 * but for those of modules that are not ours, which are in none.
 */
export function parameterGroups(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const known = [...paths];
  const groups = Object.entries(prefixes).map(
    ([name, starts]) => [name, known.filter((path) => starts.some((start) => path.startsWith(start)))] as const,
  );
  return new Map(groups.filter(([, members]) => members.length > 0));
}
