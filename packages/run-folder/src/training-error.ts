/** Training cannot go on; what was saved before is untouched. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}
