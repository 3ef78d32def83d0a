// @ts-check

/**
 * Asks before something is lost.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} text
 * @param {string} question
 * @returns {Promise<boolean>}
 */
export function confirmIn(dialog, text, question) {
  text.textContent = question;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
