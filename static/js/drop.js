// A file or link that is dropped on a page never makes the browser leave the page.
// picture.js takes the pictures.
(() => {
  'use strict';

  // Reports whether the browser would open what is dragged. A link dropped into a text
  // becomes text.
  function opens({ dataTransfer, target }) {
    const types = dataTransfer?.types ?? [];
    if (types.includes('Files')) return !target.matches?.('input[type="file"]');
    return types.includes('text/uri-list') && !target.closest?.('textarea, input, [contenteditable]');
  }

  for (const type of ['dragover', 'drop']) {
    document.addEventListener(type, (event) => {
      if (!opens(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    });
  }
})();
