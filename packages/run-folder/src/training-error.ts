import { InputError } from '@pffnet/structures';

/**
 * Training cannot go on as it was asked for: a loss or gradient is not finite, or another process took the run over. What
 * was saved before is untouched.
 */
export class TrainingError extends InputError {
  override readonly name = 'TrainingError';
}
