export { TaskQueue, fetcher, getDroppedFiles } from '@uppy/core/utils';
