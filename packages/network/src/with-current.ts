/** The values of a setting that tuning tries: some that are usual and the one of the config, ascending, each once. */
export function withCurrent(usual: readonly number[], current: number): number[] {
  return [...new Set([...usual, current])].sort((a, b) => a - b);
}
