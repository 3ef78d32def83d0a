// @ts-check
import { Announcer } from './announcer.js';
import { Api } from './api.js';
import { loadConfig } from './config.js';
import { byId } from './dom.js';
import { GalleryPage } from './gallery-page.js';
import { Notices } from './notices.js';
import { bindTheme } from './theme.js';

/** @typedef {import('./types.js').Config} Config */

bindTheme(byId('theme', HTMLSelectElement));
const notices = new Notices();
await start();

async function start() {
  /** @type {Config} */
  let config;
  try {
    config = await loadConfig();
  } catch (error) {
    console.warn(error);
    notices.fail('The gallery is not available', 'Its settings could not be read.', () => void start());
    return;
  }
  document.title = config.title;
  byId('title', HTMLElement).textContent = config.title;
  await new GalleryPage(config, new Api(config.api), notices, new Announcer(byId('announcements', HTMLElement))).start();
}
