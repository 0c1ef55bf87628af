// htmx focuses the [autofocus] field of what it swapped in (the first wrong one
// of a form, the text to edit), with the caret before the text. It belongs after.
(() => {
  'use strict';

  document.addEventListener('htmx:after:swap', () => {
    const field = document.activeElement;
    if (!field?.matches('textarea[autofocus]') || field.selectionEnd > 0) return;
    field.setSelectionRange(field.value.length, field.value.length);
  });

  // A form that is swapped takes the focus along. Its data-focus says where it goes,
  // for who has a keyboard: on a phone that would open one.
  let next = '';
  document.addEventListener('htmx:before:request', (event) => {
    next = event.target.closest?.('[data-focus]')?.dataset.focus ?? '';
  });
  document.addEventListener('htmx:finally:request', () => {
    const where = next;
    next = '';
    if (!where || !matchMedia('(pointer: fine)').matches) return;
    setTimeout(() => {
      if (document.activeElement === document.body) document.querySelector(where)?.focus({ preventScroll: true });
    });
  });
})();
