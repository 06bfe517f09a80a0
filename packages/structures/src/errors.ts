/** The request or its input is wrong, and a person can mend it: the message says what, where, what was expected and how. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

/** A config, preset or option is wrong. */
export class ConfigError extends InputError {
  override readonly name = 'ConfigError';
}

/** A file or folder of data is missing, unreadable or inconsistent. */
export class DataError extends InputError {
  override readonly name = 'DataError';
}

/** A function was called with a tensor or array of the wrong shape. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}
