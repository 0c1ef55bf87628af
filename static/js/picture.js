// Pictures dropped anywhere on a page go into its <input type="file" data-drop>, whose
// text shows meanwhile. drop.js has kept the browser from opening the pictures.
(() => {
  'use strict';

  let ours = false; // the page's own pictures and links are dragged

  // Returns the input that takes the dragged files, or null.
  function inputFor(event) {
    const files = event.defaultPrevented && event.dataTransfer.types.includes('Files');
    if (ours || !files || document.querySelector('dialog[open]')) return null;
    return document.querySelector('input[type="file"][data-drop]');
  }

  function show(text) {
    if (text) document.body.dataset.drop = text;
    else delete document.body.dataset.drop;
  }

  function give(input, files) {
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    input.form.scrollIntoView({ block: 'nearest' });
    input.form.querySelector('textarea')?.focus({ preventScroll: true });
  }

  document.addEventListener('dragover', (event) => {
    if (!event.defaultPrevented) return;
    const input = inputFor(event);
    if (input) event.dataTransfer.dropEffect = 'copy';
    show(input?.dataset.drop);
  });

  document.addEventListener('drop', (event) => {
    show('');
    const input = inputFor(event);
    if (input) give(input, [...event.dataTransfer.files]);
  });

  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) show(''); });
  document.addEventListener('dragstart', () => { ours = true; });
  document.addEventListener('dragend', () => { ours = false; });
})();
