#!/usr/bin/env node
import { main } from '../dist/main.js';

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (error) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
// Nobody listens any more, or the disk of the log is full: what is said of the work is lost, the work is not.
process.stderr.on('error', () => undefined);

process.exitCode = await main(process.argv.slice(2));
