// Pictures dropped anywhere on a page go into its <input type="file" data-drop>, whose
// text shows meanwhile. A file or link that is dropped elsewhere never makes the
// browser leave the page.
(() => {
  'use strict';

  let ours = false; // the page's own pictures and links are dragged

  const typesOf = (event) => event.dataTransfer?.types ?? [];

  // Returns the input that takes the dragged files, or null.
  function inputFor(event) {
    if (ours || !typesOf(event).includes('Files') || document.querySelector('dialog[open]')) return null;
    return document.querySelector('input[type="file"][data-drop]');
  }

  // Reports whether the browser would open what is dragged. A link dropped into a text
  // becomes text.
  function opens(event) {
    if (typesOf(event).includes('Files')) return !event.target.matches?.('input[type="file"]');
    return typesOf(event).includes('text/uri-list') && !event.target.closest?.('textarea, input, [contenteditable]');
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
    if (!opens(event)) return;
    event.preventDefault();
    const input = inputFor(event);
    event.dataTransfer.dropEffect = input ? 'copy' : 'none';
    show(input?.dataset.drop);
  });

  document.addEventListener('drop', (event) => {
    show('');
    if (!opens(event)) return;
    event.preventDefault();
    const input = inputFor(event);
    if (input) give(input, [...event.dataTransfer.files]);
  });

  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) show(''); });
  document.addEventListener('dragstart', () => { ours = true; });
  document.addEventListener('dragend', () => { ours = false; });
})();
