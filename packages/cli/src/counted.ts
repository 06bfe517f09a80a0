export { counted } from '@pffnet/experiments/page';
