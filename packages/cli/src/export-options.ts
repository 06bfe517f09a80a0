import { type ExportKind, exportKinds } from '@pffnet/evaluation/export-kinds';
import { type Command, InvalidArgumentError } from 'commander';

/** Lines for a command's help. */
export const exportHelp = Object.entries(exportKinds)
  .map(([kind, meaning]) => `  ${kind.padEnd(8)} ${meaning}`)
  .join('\n');

/** Parses a list such as `coco,geojson`. */
export function exportList(text: string): ExportKind[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  const known = (kind: string): kind is ExportKind => Object.hasOwn(exportKinds, kind);
  if (!kinds.every(known)) {
    throw new InvalidArgumentError(`Expected a list of ${Object.keys(exportKinds).join(', ')}.`);
  }
  return [...new Set(kinds)];
}

/** Adds what {@link ExportOptions} holds. */
export const withExportOptions = (command: Command): Command =>
  command.option('--cvppp-set <name>', 'with cvppp: which set of the challenge the images belong to', 'A1');
