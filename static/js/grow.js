// Fields grow with their text where the browser lacks field-sizing: every textarea has as
// many rows as its content is high, within the bounds of its style.
(() => {
  'use strict';

  if (CSS.supports('field-sizing', 'content')) return;

  const least = new WeakMap(); // textarea → rows of the empty field

  function grow(area) {
    if (!least.has(area)) least.set(area, area.rows);
    area.rows = least.get(area);
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(area);
    const height = area.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    area.rows = Math.max(area.rows, Math.round(height / parseFloat(lineHeight))) || area.rows; // NaN: no line height in px
  }

  function growAll(root) {
    if (root.matches?.('textarea')) grow(root);
    root.querySelectorAll?.('textarea').forEach(grow);
  }

  // An area that was hidden grows when it is used; a reset field is empty after the event.
  for (const type of ['input', 'focusin']) {
    document.addEventListener(type, ({ target }) => { if (target.matches?.('textarea')) grow(target); });
  }
  document.addEventListener('reset', ({ target }) => setTimeout(growAll, 0, target));
  window.addEventListener('resize', () => growAll(document));
  window.addEventListener('pageshow', () => growAll(document)); // browsers restore texts before
  htmx.onLoad(growAll);
})();
