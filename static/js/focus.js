// htmx focuses the [autofocus] field of what it swapped in (the first wrong one
// of a form, the text to edit), with the caret before the text. It belongs after.
(() => {
  'use strict';

  document.addEventListener('htmx:after:swap', () => {
    const field = document.activeElement;
    if (!field?.matches('textarea[autofocus]') || field.selectionEnd > 0) return;
    field.setSelectionRange(field.value.length, field.value.length);
  });

  // A form that is swapped takes the focus along, and so does what it deletes, perhaps
  // by the stream. Its data-focus says where it goes until one does something else;
  // into a field not on a phone, where that would open the keyboard.
  const drawn = 100; // ms, after which what is hidden has let go of the focus
  let next = '';
  document.addEventListener('htmx:before:request', (event) => {
    next = event.target.closest?.('[data-focus]')?.dataset.focus ?? '';
  });
  document.addEventListener('pointerdown', () => { next = ''; });
  for (const type of ['htmx:after:swap', 'htmx:finally:request']) {
    document.addEventListener(type, () => setTimeout(() => {
      if (!next || document.activeElement !== document.body) return;
      const elt = document.querySelector(next);
      if (elt?.matches('.btn') || !matchMedia('(pointer: coarse)').matches) elt?.focus({ preventScroll: true });
    }, drawn));
  }
})();
