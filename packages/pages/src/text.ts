export { counted } from './counted.ts';
export { textTable } from './text-table.ts';
