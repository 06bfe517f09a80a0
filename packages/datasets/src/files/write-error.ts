/** A file could not be written for a reason that the request did not cause, such as a full disk: the work failed. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}
