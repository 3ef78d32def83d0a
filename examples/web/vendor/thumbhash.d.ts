export { thumbHashToRGBA } from 'thumbhash';
