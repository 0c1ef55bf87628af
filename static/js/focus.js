// htmx focuses the [autofocus] field of what it swapped in (the first wrong one
// of a form, the text to edit), with the caret before the text. It belongs after.
(() => {
  'use strict';

  document.addEventListener('htmx:after:swap', () => {
    const field = document.activeElement;
    if (!field?.matches('textarea[autofocus]') || field.selectionEnd > 0) return;
    field.setSelectionRange(field.value.length, field.value.length);
  });
})();
