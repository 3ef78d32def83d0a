// @ts-check
/** Light, dark, or as the system has it. Loaded first, so that the page is drawn once. */

const KEY = 'theme';
const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** @typedef {typeof THEMES[number]} Theme */

apply(storedTheme());

/**
 * Lets a select choose the theme.
 * @param {HTMLSelectElement} select
 */
export function bindTheme(select) {
  select.value = storedTheme();
  select.addEventListener('change', () => {
    const theme = THEMES.find((name) => name === select.value) ?? 'system';
    apply(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // A browser that stores nothing keeps the theme for this visit.
    }
  });
}

/** @param {Theme} theme */
function apply(theme) {
  document.documentElement.dataset.theme = theme;
}

/** @returns {Theme} */
function storedTheme() {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}
