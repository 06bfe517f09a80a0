/** Line breaks and other control characters, which names and values from damaged files may hold. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * The request or its input is wrong, and a person can mend it: the message says what, where, what was expected and how.
 * It is one line, whatever it quotes: control characters become spaces.
 */
export class InputError extends Error {
  override readonly name: string = 'InputError';

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(controls, ' '), options);
  }
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

/** The device that computes refused a command, ran out of memory or is gone: what it computed since is of no use. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}
