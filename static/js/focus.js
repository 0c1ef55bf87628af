// htmx focuses the [autofocus] field of swapped content (the first wrong field of a
// form, the text to edit) with the caret before the text. This moves the caret to
// the end.
(() => {
  'use strict';

  document.addEventListener('htmx:after:swap', () => {
    const field = document.activeElement;
    if (!field?.matches('textarea[autofocus]') || field.selectionEnd > 0) return;
    field.setSelectionRange(field.value.length, field.value.length);
  });

  // Swapping or deleting a form removes its focused element. data-focus of the form
  // names the element to focus next, unless the person acts first. On a phone only
  // buttons get the focus: a field would open the keyboard.
  const drawn = 100; // ms after which hidden elements have lost the focus
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
