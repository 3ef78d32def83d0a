export { default as PhotoSwipe } from 'photoswipe';
